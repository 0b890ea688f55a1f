// Written by `npm run client-types`: do not edit.

export interface paths {
    "/v1/register/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Registers an MCP server after proving that it works with the given credential. */
        post: operations["RegisterService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/{service}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs the checks of RegisterService, reports them step by step and registers nothing. */
        post: operations["ValidateRegistration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/{service}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Completes a registration or an update that was consented to, where whoever began it has to confirm it. */
        post: operations["CompleteRegistration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{serviceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describes a registered server; credentials are never part of it. */
        get: operations["GetService"];
        put?: never;
        post?: never;
        /** Deletes a registration that no agent space uses, with its credential. */
        delete: operations["DeregisterService"];
        options?: never;
        head?: never;
        /** Replaces the credential of a registered server after proving it, changes its description, or disables or enables it. */
        patch: operations["UpdateService"];
        trace?: never;
    };
    "/v1/services/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lists the registered servers of the account. */
        post: operations["ListServices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{serviceId}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs the checks again with the stored credential and reports them step by step. */
        post: operations["ValidateService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/validations/{validationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells which steps of a validation have ended, while it runs and ten minutes from its beginning; the caller chose its id. */
        get: operations["GetValidation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{serviceId}/tools/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lists the tools that the server offered when it was last asked, and when that was. */
        post: operations["ListServiceTools"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{serviceId}/associations/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lists the agent spaces that use a registered server. */
        post: operations["ListServiceAssociations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/association-counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tells how many agent spaces use each of some registered servers; those that are none are left out. */
        post: operations["BatchGetAssociationCounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Creates an agent space; a repeated clientToken answers with the same space for 8 hours. */
        post: operations["CreateAgentSpace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describes an agent space. */
        get: operations["GetAgentSpace"];
        put?: never;
        post?: never;
        /** Deletes an agent space and removes its associations. */
        delete: operations["DeleteAgentSpace"];
        options?: never;
        head?: never;
        /** Changes the given members of an agent space, or disables or enables it. */
        patch: operations["UpdateAgentSpace"];
        trace?: never;
    };
    "/v1/agentspaces/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lists the agent spaces of the account. */
        post: operations["ListAgentSpaces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/associations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Connects an agent space to a registered server, with the tools it allows. */
        post: operations["AssociateService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/associations/{associationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describes the connection of an agent space to a server. */
        get: operations["GetAssociation"];
        put?: never;
        post?: never;
        /** Disconnects an agent space from a server. */
        delete: operations["DisassociateService"];
        options?: never;
        head?: never;
        /** Replaces the allowed tools of a connection and confirms their definitions. */
        patch: operations["UpdateAssociation"];
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/associations/{associationId}/tools/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lists the tools of a connection with the definitions that were confirmed, and what the server offers instead. */
        post: operations["ListAssociationTools"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/associations/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lists the servers that an agent space is connected to. */
        post: operations["ListAssociations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/access-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Creates a token that agents reach an agent space with, and shows its value this once. */
        post: operations["CreateAccessToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/access-tokens/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lists the access tokens of an agent space, without their values. */
        post: operations["ListAccessTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/access-tokens/{tokenId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an access token a new value and a fresh period; the old value is dead at once. */
        post: operations["RotateAccessToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/access-tokens/{tokenId}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends an access token for good. */
        post: operations["RevokeAccessToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/invocations/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lists the tool calls of an agent space, newest first; a short page may have a next one. */
        post: operations["ListInvocations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentspaces/{agentSpaceId}/invocations/counts/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Counts the tool calls of an agent space by hour or day, newest first; counts of one period in two pages add up. */
        post: operations["ListInvocationCounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tags/{resourceArn}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the tags of a server or an agent space. */
        get: operations["ListTagsForResource"];
        put?: never;
        /** Adds tags to a server or an agent space, or replaces their values. */
        post: operations["TagResource"];
        /** Removes tags from a server or an agent space. */
        delete: operations["UntagResource"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Looks up management events of the last 90 days by one attribute and a time range, newest first. */
        post: operations["LookupEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        PostRegisterServiceSupportedService: "dynatrace" | "servicenow" | "pagerduty" | "gitlab" | "eventChannel" | "mcpservernewrelic" | "mcpservergrafana" | "mcpserverdatadog" | "mcpserver" | "mcpserversplunk" | "azureidentity" | "mcpserversigv4" | "remoteagent" | "remoteagentsigv4";
        ServiceDetails: {
            mcpserver?: components["schemas"]["MCPServerDetails"];
            mcpserversigv4?: components["schemas"]["MCPServerSigV4ServiceDetails"];
        };
        MCPServerDetails: {
            name: components["schemas"]["MCPServerName"];
            endpoint: components["schemas"]["MCPServerEndpoint"];
            description?: components["schemas"]["MCPServerDescription"];
            authorizationConfig: components["schemas"]["MCPServerAuthorizationConfig"];
        };
        MCPServerName: string;
        MCPServerEndpoint: string;
        MCPServerDescription: string;
        MCPServerAuthorizationConfig: {
            oAuthClientCredentials?: components["schemas"]["MCPServerOAuthClientCredentialsConfig"];
            oAuth3LO?: components["schemas"]["MCPServerOAuth3LOConfig"];
            apiKey?: components["schemas"]["MCPServerAPIKeyConfig"];
            bearerToken?: components["schemas"]["MCPServerBearerTokenConfig"];
            authorizationDiscovery?: components["schemas"]["MCPServerAuthorizationDiscoveryConfig"];
        };
        MCPServerOAuthClientCredentialsConfig: {
            clientName?: string;
            clientId: components["schemas"]["ClientId"];
            exchangeParameters?: components["schemas"]["ExchangeParameters"];
            clientSecret: components["schemas"]["ClientSecret"];
            exchangeUrl: string;
            scopes?: components["schemas"]["Scopes"];
        };
        ClientId: string;
        ExchangeParameters: {
            [key: string]: components["schemas"]["ExchangeParameterValue"];
        };
        ExchangeParameterValue: string;
        ClientSecret: string;
        Scopes: components["schemas"]["OAuthScope"][];
        OAuthScope: string;
        MCPServerOAuth3LOConfig: {
            clientName?: string;
            clientId: components["schemas"]["ClientId"];
            exchangeParameters?: components["schemas"]["ExchangeParameters"];
            returnToEndpoint: string;
            authorizationUrl: string;
            exchangeUrl: string;
            clientSecret?: components["schemas"]["MCPServerOAuth3LOClientSecret"];
            supportCodeChallenge?: boolean;
            scopes?: components["schemas"]["Scopes"];
        };
        MCPServerOAuth3LOClientSecret: string;
        MCPServerAPIKeyConfig: {
            apiKeyName: string;
            apiKeyValue: components["schemas"]["MCPServerAPIKeyValue"];
            apiKeyHeader: string;
            apiKeyPrefix?: components["schemas"]["ApiKeyPrefix"];
        };
        MCPServerAPIKeyValue: string;
        ApiKeyPrefix: string;
        MCPServerBearerTokenConfig: {
            tokenName: string;
            tokenValue: components["schemas"]["MCPServerBearerTokenValue"];
            authorizationHeader?: string;
        };
        MCPServerBearerTokenValue: string;
        MCPServerAuthorizationDiscoveryConfig: {
            returnToEndpoint: string;
        };
        MCPServerSigV4ServiceDetails: {
            name: components["schemas"]["MCPServerName"];
            endpoint: components["schemas"]["MCPServerEndpoint"];
            description?: components["schemas"]["MCPServerDescription"];
            authorizationConfig: components["schemas"]["MCPServerSigV4AuthorizationConfig"];
        };
        MCPServerSigV4AuthorizationConfig: {
            region: components["schemas"]["SigV4Region"];
            service: string;
            roleArn?: string;
            mcpRoleArn?: components["schemas"]["RoleArn"];
            customHeaders?: components["schemas"]["CustomHeaders"];
        };
        SigV4Region: string;
        RoleArn: string;
        CustomHeaders: {
            [key: string]: components["schemas"]["CustomHeaderValue"];
        };
        CustomHeaderName: string;
        CustomHeaderValue: string;
        KmsKeyArn: string;
        PrivateConnectionName: string;
        ServiceName: string;
        Tags: {
            [key: string]: components["schemas"]["TagValue"];
        };
        TagKey: string;
        TagValue: string;
        ValidationId: string;
        ConfirmationToken: string;
        ServiceId: string;
        UpdateServiceDescription: string;
        /** @enum {string} */
        ServiceState: "ENABLED" | "DISABLED";
        UpdateServiceDetails: {
            mcpserver?: components["schemas"]["UpdateMCPServerDetails"];
            mcpserversigv4?: components["schemas"]["UpdateMCPServerSigV4Details"];
        };
        UpdateMCPServerDetails: {
            endpoint?: components["schemas"]["MCPServerEndpoint"];
            authorizationConfig: components["schemas"]["MCPServerAuthorizationConfig"];
        };
        UpdateMCPServerSigV4Details: {
            endpoint?: components["schemas"]["MCPServerEndpoint"];
            authorizationConfig: components["schemas"]["MCPServerSigV4AuthorizationConfig"];
        };
        MaxResults: number;
        NextToken: string;
        /** @enum {string} */
        Service: "github" | "slack" | "azure" | "azuredevops" | "dynatrace" | "servicenow" | "pagerduty" | "gitlab" | "eventChannel" | "mcpservernewrelic" | "mcpservergrafana" | "mcpserverdatadog" | "mcpserver" | "mcpserversplunk" | "azureidentity" | "mcpserversigv4" | "remoteagent" | "remoteagentsigv4";
        ServiceIdList: components["schemas"]["ServiceId"][];
        AgentSpaceName: string;
        Description: string;
        Locale: string;
        ClientToken: string;
        AgentSpacePreferences: {
            [key: string]: boolean;
        };
        AgentSpaceId: string;
        ServiceConfiguration: {
            mcpserver?: components["schemas"]["MCPServerConfiguration"];
            mcpserversigv4?: components["schemas"]["MCPServerSigV4Configuration"];
        };
        MCPServerConfiguration: {
            tools: components["schemas"]["MCPToolsList"];
            toolDetails?: components["schemas"]["MCPToolDetailsList"];
        };
        MCPToolsList: string[];
        MCPToolDetailsList: components["schemas"]["MCPToolDetail"][];
        MCPToolDetail: {
            name: components["schemas"]["MCPToolName"];
            toolClassification?: components["schemas"]["ToolClassification"];
        };
        MCPToolName: string;
        /** @enum {string} */
        ToolClassification: "READ_ONLY" | "MUTATIVE" | "DESTRUCTIVE";
        MCPServerSigV4Configuration: {
            tools: components["schemas"]["MCPToolsList"];
            toolDetails?: components["schemas"]["MCPToolDetailsList"];
        };
        AssociationCapabilities: {
            [key: string]: components["schemas"]["CapabilityConfiguration"];
        };
        CapabilityConfiguration: {
            enabled?: boolean;
            triggerFilterGroups?: components["schemas"]["TriggerFilterGroup"][];
        };
        TriggerFilterGroup: {
            events?: components["schemas"]["TriggerEvent"][];
            targetBranches?: components["schemas"]["PatternFilter"];
        };
        /** @enum {string} */
        TriggerEvent: "PULL_REQUEST_READY_FOR_REVIEW" | "PULL_REQUEST_DRAFT";
        PatternFilter: {
            patterns: string[];
        };
        ExpectedFingerprintsList: components["schemas"]["ExpectedFingerprint"][];
        ExpectedFingerprint: {
            name: components["schemas"]["MCPToolName"];
            fingerprint: components["schemas"]["ExpectedToolFingerprint"];
        };
        ExpectedToolFingerprint: string;
        AssociationId: string;
        /** @enum {string} */
        ConfirmedToolReason: "CHANGED" | "REMOVED";
        AccessTokenName: string;
        /** @enum {string} */
        AccessTokenScope: "read" | "operate";
        /** @enum {string} */
        AccessTokenClientType: "human" | "agent";
        AccessTokenExpiresInDays: number;
        AllowedCidrs: components["schemas"]["AddressRange"][];
        AddressRange: string;
        AccessTokenId: string;
        /** Format: date-time */
        TimeBound: string;
        /** @enum {string} */
        CountPeriod: "HOUR" | "DAY";
        ResourceArn: string;
        TagKeyList: components["schemas"]["TagKey"][];
        LookupAttributesList: components["schemas"]["LookupAttribute"][];
        LookupAttribute: {
            AttributeKey: components["schemas"]["LookupAttributeKey"];
            AttributeValue: string;
        };
        /** @enum {string} */
        LookupAttributeKey: "EventId" | "EventName" | "ReadOnly" | "Username" | "ResourceType" | "ResourceName" | "EventSource" | "AccessKeyId";
        EventDate: number | string;
        /** @description What every failed request is answered with. */
        Error: {
            message: string;
            /** @description The error code. */
            __type?: string;
        };
        /** @description Bad input, field by field. */
        ValidationError: {
            message: string;
            /** @description The error code. */
            __type?: string;
            fieldList?: components["schemas"]["ValidationExceptionField"][];
        };
        ValidationExceptionField: {
            /** @description JSON Pointer (RFC 6901) into the request. */
            path: string;
            message: string;
        };
        AdditionalServiceRegistrationStep: {
            oauth?: components["schemas"]["OAuthAdditionalStepDetails"];
        };
        OAuthAdditionalStepDetails: {
            authorizationUrl: components["schemas"]["AuthorizationUrl"];
        };
        AuthorizationUrl: string;
        ValidationWarnings: components["schemas"]["ValidationWarning"][];
        ValidationWarning: {
            code: string;
            message: string;
            toolName?: string;
        };
        ValidationReport: {
            valid: boolean;
            steps: components["schemas"]["ValidationStepResults"];
            warnings: components["schemas"]["ValidationWarnings"];
            durationMs: number;
            protocolVersion?: string;
            serverName?: string;
            serverVersion?: string;
            toolCount?: number;
        };
        ValidationStepResults: components["schemas"]["ValidationStepResult"][];
        ValidationStepResult: {
            /** @enum {string} */
            step: "url" | "address" | "tls" | "http" | "transport" | "credential" | "handshake" | "tools";
            /** @enum {string} */
            status: "passed" | "failed" | "skipped";
            durationMs: number;
            code?: string;
            message?: string;
            path?: string;
        };
        ExternalId: string;
        RegisteredService: {
            serviceId: components["schemas"]["ServiceId"];
            serviceType: components["schemas"]["Service"];
            name?: components["schemas"]["ServiceName"];
            accessibleResources?: components["schemas"]["DocumentList"];
            additionalServiceDetails?: components["schemas"]["AdditionalServiceDetails"];
            kmsKeyArn?: components["schemas"]["KmsKeyArn"];
            privateConnectionName?: components["schemas"]["PrivateConnectionName"];
            createdAt: components["schemas"]["Timestamp"];
            updatedAt: components["schemas"]["Timestamp"];
            state?: components["schemas"]["ServiceState"];
            validationStatus?: components["schemas"]["ValidationStatus"];
            lastValidatedAt?: components["schemas"]["Timestamp"];
            toolCount?: number;
        };
        DocumentList: components["schemas"]["Document"][];
        Document: unknown;
        AdditionalServiceDetails: {
            mcpserver?: components["schemas"]["RegisteredMCPServerDetails"];
            mcpserversigv4?: components["schemas"]["RegisteredMCPServerSigV4Details"];
        };
        RegisteredMCPServerDetails: {
            name: string;
            endpoint: string;
            authorizationMethod: components["schemas"]["MCPServerAuthorizationMethod"];
            description?: components["schemas"]["RegisteredDescription"];
            apiKeyHeader?: string;
            apiKeyPrefix?: components["schemas"]["ApiKeyPrefix"];
            grantedScopes?: components["schemas"]["GrantedScopesList"];
        };
        /** @enum {string} */
        MCPServerAuthorizationMethod: "oauth-client-credentials" | "oauth-3lo" | "api-key" | "bearer-token";
        RegisteredDescription: string;
        GrantedScopesList: string[];
        RegisteredMCPServerSigV4Details: {
            name: components["schemas"]["MCPServerName"];
            endpoint: components["schemas"]["MCPServerEndpoint"];
            description?: components["schemas"]["MCPServerDescription"];
            region: components["schemas"]["SigV4Region"];
            service: string;
            roleArn: string;
            mcpRoleArn?: components["schemas"]["RoleArn"];
            customHeaders?: components["schemas"]["CustomHeaders"];
        };
        /** Format: date-time */
        Timestamp: string;
        /** @enum {string} */
        ValidationStatus: "valid" | "invalid" | "pending-confirmation";
        KeptValidationReport: {
            valid: boolean;
            steps: components["schemas"]["ValidationStepResults"];
            durationMs: number;
            protocolVersion?: string;
            serverName?: string;
            serverVersion?: string;
            toolCount?: number;
        };
        RegisteredServicesList: components["schemas"]["RegisteredService"][];
        Validation: {
            validationId: components["schemas"]["ValidationId"];
            status: components["schemas"]["ValidationProgressStatus"];
            startedAt: components["schemas"]["Timestamp"];
            updatedAt: components["schemas"]["Timestamp"];
            steps: components["schemas"]["ValidationStepResults"];
        };
        /** @enum {string} */
        ValidationProgressStatus: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
        ServiceToolsList: components["schemas"]["ServiceTool"][];
        ServiceTool: {
            name: string;
            title?: string;
            description?: string;
            inputSchema?: components["schemas"]["Document"];
            outputSchema?: components["schemas"]["Document"];
            annotations?: components["schemas"]["ToolAnnotations"];
            fingerprint: components["schemas"]["ToolFingerprint"];
        };
        ToolAnnotations: {
            title?: string;
            readOnlyHint?: boolean;
            destructiveHint?: boolean;
            idempotentHint?: boolean;
            openWorldHint?: boolean;
        };
        ToolFingerprint: string;
        ServiceAssociationsList: components["schemas"]["ServiceAssociation"][];
        ServiceAssociation: {
            agentSpaceId: components["schemas"]["AgentSpaceId"];
            associationId: components["schemas"]["AssociationId"];
            serviceId: components["schemas"]["ServiceId"];
            createdAt: components["schemas"]["Timestamp"];
        };
        AssociationCountsList: components["schemas"]["AssociationCount"][];
        AssociationCount: {
            serviceId: components["schemas"]["ServiceId"];
            associationCount: number;
        };
        AgentSpace: {
            name: components["schemas"]["AgentSpaceName"];
            description?: components["schemas"]["Description"];
            locale?: components["schemas"]["Locale"];
            createdAt: components["schemas"]["Timestamp"];
            updatedAt: components["schemas"]["Timestamp"];
            kmsKeyArn?: components["schemas"]["KmsKeyArn"];
            agentSpaceId: components["schemas"]["AgentSpaceId"];
            preferences?: components["schemas"]["AgentSpacePreferences"];
            state?: components["schemas"]["ServiceState"];
        };
        AgentSpaceList: components["schemas"]["AgentSpace"][];
        Association: {
            agentSpaceId: components["schemas"]["AgentSpaceId"];
            createdAt: components["schemas"]["Timestamp"];
            updatedAt: components["schemas"]["Timestamp"];
            status?: components["schemas"]["ValidationStatus"];
            associationId: components["schemas"]["AssociationId"];
            serviceId: components["schemas"]["ServiceId"];
            configuration: components["schemas"]["ServiceConfiguration"];
            capabilities?: components["schemas"]["AssociationCapabilities"];
            withheldTools?: components["schemas"]["WithheldToolsList"];
        };
        WithheldToolsList: components["schemas"]["WithheldTool"][];
        WithheldTool: {
            name: string;
            reason: components["schemas"]["WithheldReason"];
            message: string;
        };
        /** @enum {string} */
        WithheldReason: "CHANGED" | "REMOVED" | "NAME_TOO_LONG" | "NAME_UNSUPPORTED" | "QUOTA";
        GenericWebhook: {
            webhookUrl?: string;
            webhookId?: string;
            /** @enum {string} */
            webhookType?: "hmac" | "apikey" | "gitlab" | "pagerduty";
            webhookSecret?: components["schemas"]["WebhookSecret"];
            apiKey?: components["schemas"]["ApiKeyValue"];
        };
        WebhookSecret: string;
        ApiKeyValue: string;
        AssociationToolsList: components["schemas"]["AssociationTool"][];
        AssociationTool: {
            name: string;
            fingerprint: components["schemas"]["ToolFingerprint"];
            definition?: components["schemas"]["Document"];
            withheldReason?: components["schemas"]["ConfirmedToolReason"];
            offered?: components["schemas"]["OfferedDefinition"];
        };
        OfferedDefinition: {
            fingerprint: components["schemas"]["ToolFingerprint"];
            definition?: components["schemas"]["Document"];
        };
        AssociationsList: components["schemas"]["Association"][];
        AccessToken: {
            tokenId: components["schemas"]["AccessTokenId"];
            agentSpaceId: components["schemas"]["AgentSpaceId"];
            name: components["schemas"]["AccessTokenName"];
            scope: components["schemas"]["AccessTokenScope"];
            clientType: components["schemas"]["AccessTokenClientType"];
            allowedCidrs?: components["schemas"]["AllowedCidrs"];
            status: components["schemas"]["AccessTokenStatus"];
            expiresInDays: components["schemas"]["AccessTokenExpiresInDays"];
            expiresAt: components["schemas"]["Timestamp"];
            createdAt: components["schemas"]["Timestamp"];
            createdBy: components["schemas"]["CreatorArn"];
            rotatedAt?: components["schemas"]["Timestamp"];
            lastUsedAt?: components["schemas"]["Timestamp"];
        };
        /** @enum {string} */
        AccessTokenStatus: "active" | "expired";
        CreatorArn: string;
        AccessTokenValue: string;
        AccessTokensList: components["schemas"]["AccessToken"][];
        InvocationList: components["schemas"]["Invocation"][];
        Invocation: {
            invocationId: string;
            time: components["schemas"]["Timestamp"];
            outcome: components["schemas"]["InvocationOutcome"];
            errorCode?: string;
            errorMessage?: string;
            durationMs: number;
            visibleName: string;
            serviceId?: components["schemas"]["ServiceId"];
            serverName?: string;
            tool?: string;
            endpoint?: string;
            tokenId?: string;
            tokenName?: string;
            userArn?: string;
            sourceIp: string;
            requestId: string;
        };
        /** @enum {string} */
        InvocationOutcome: "success" | "tool-error" | "refused" | "failed" | "cancelled";
        InvocationCountsList: components["schemas"]["InvocationCount"][];
        InvocationCount: {
            startTime: components["schemas"]["Timestamp"];
            calls: number;
            errors: number;
        };
        EventsList: components["schemas"]["Event"][];
        Event: {
            EventId: string;
            EventName: string;
            ReadOnly: string;
            AccessKeyId?: string;
            EventTime: components["schemas"]["EpochSeconds"];
            EventSource: string;
            Username?: string;
            Resources: components["schemas"]["EventResourceList"];
            CloudTrailEvent: string;
        };
        EpochSeconds: number;
        EventResourceList: components["schemas"]["EventResource"][];
        EventResource: {
            ResourceType?: string;
            ResourceName?: string;
        };
    };
    responses: {
        /** @description AccessDeniedException */
        AccessDeniedException: {
            headers: {
                /** @description The error code. */
                "x-amzn-errortype"?: "AccessDeniedException";
                /** @description Quote it when you ask. */
                "x-amzn-requestid"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description ConflictException */
        ConflictException: {
            headers: {
                /** @description The error code. */
                "x-amzn-errortype"?: "ConflictException";
                /** @description Quote it when you ask. */
                "x-amzn-requestid"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description ContentSizeExceededException */
        ContentSizeExceededException: {
            headers: {
                /** @description The error code. */
                "x-amzn-errortype"?: "ContentSizeExceededException";
                /** @description Quote it when you ask. */
                "x-amzn-requestid"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description InternalServerException */
        InternalServerException: {
            headers: {
                /** @description The error code. */
                "x-amzn-errortype"?: "InternalServerException";
                /** @description Quote it when you ask. */
                "x-amzn-requestid"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description ResourceNotFoundException */
        ResourceNotFoundException: {
            headers: {
                /** @description The error code. */
                "x-amzn-errortype"?: "ResourceNotFoundException";
                /** @description Quote it when you ask. */
                "x-amzn-requestid"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description ServiceQuotaExceededException */
        ServiceQuotaExceededException: {
            headers: {
                /** @description The error code. */
                "x-amzn-errortype"?: "ServiceQuotaExceededException";
                /** @description Quote it when you ask. */
                "x-amzn-requestid"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description ThrottlingException */
        ThrottlingException: {
            headers: {
                /** @description The error code. */
                "x-amzn-errortype"?: "ThrottlingException";
                /** @description Quote it when you ask. */
                "x-amzn-requestid"?: string;
                /** @description Seconds, where known. */
                "retry-after"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description ValidationException */
        ValidationException: {
            headers: {
                /** @description The error code. */
                "x-amzn-errortype"?: "ValidationException";
                /** @description Quote it when you ask. */
                "x-amzn-requestid"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ValidationError"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    RegisterService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                service: components["schemas"]["PostRegisterServiceSupportedService"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    serviceDetails: components["schemas"]["ServiceDetails"];
                    kmsKeyArn?: components["schemas"]["KmsKeyArn"];
                    privateConnectionName?: components["schemas"]["PrivateConnectionName"];
                    targetUrlPrivateConnectionName?: components["schemas"]["PrivateConnectionName"];
                    exchangeUrlPrivateConnectionName?: components["schemas"]["PrivateConnectionName"];
                    name?: components["schemas"]["ServiceName"];
                    tags?: components["schemas"]["Tags"];
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        serviceId?: components["schemas"]["ServiceId"];
                        additionalStep?: components["schemas"]["AdditionalServiceRegistrationStep"];
                        kmsKeyArn?: components["schemas"]["KmsKeyArn"];
                        tags?: components["schemas"]["Tags"];
                        warnings?: components["schemas"]["ValidationWarnings"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            402: components["responses"]["ServiceQuotaExceededException"];
            403: components["responses"]["AccessDeniedException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ValidateRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                service: components["schemas"]["PostRegisterServiceSupportedService"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    serviceDetails: components["schemas"]["ServiceDetails"];
                    kmsKeyArn?: components["schemas"]["KmsKeyArn"];
                    privateConnectionName?: components["schemas"]["PrivateConnectionName"];
                    targetUrlPrivateConnectionName?: components["schemas"]["PrivateConnectionName"];
                    exchangeUrlPrivateConnectionName?: components["schemas"]["PrivateConnectionName"];
                    name?: components["schemas"]["ServiceName"];
                    tags?: components["schemas"]["Tags"];
                    validationId?: components["schemas"]["ValidationId"];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        report: components["schemas"]["ValidationReport"];
                        externalId?: components["schemas"]["ExternalId"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    CompleteRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                service: components["schemas"]["PostRegisterServiceSupportedService"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    confirmationToken: components["schemas"]["ConfirmationToken"];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        serviceId: components["schemas"]["ServiceId"];
                        warnings?: components["schemas"]["ValidationWarnings"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            402: components["responses"]["ServiceQuotaExceededException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    GetService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                serviceId: components["schemas"]["ServiceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        service: components["schemas"]["RegisteredService"];
                        tags?: components["schemas"]["Tags"];
                        arn: components["schemas"]["ResourceArn"];
                        validationReport?: components["schemas"]["KeptValidationReport"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    DeregisterService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                serviceId: components["schemas"]["ServiceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    UpdateService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                serviceId: components["schemas"]["ServiceId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    description?: components["schemas"]["UpdateServiceDescription"];
                    state?: components["schemas"]["ServiceState"];
                    serviceDetails?: components["schemas"]["UpdateServiceDetails"];
                    validationId?: components["schemas"]["ValidationId"];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        service: components["schemas"]["RegisteredService"];
                        additionalStep?: components["schemas"]["AdditionalServiceRegistrationStep"];
                        warnings?: components["schemas"]["ValidationWarnings"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListServices: {
        parameters: {
            query?: {
                maxResults?: components["schemas"]["MaxResults"];
                nextToken?: components["schemas"]["NextToken"];
                filterServiceType?: components["schemas"]["Service"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextToken?: components["schemas"]["NextToken"];
                        services: components["schemas"]["RegisteredServicesList"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ValidateService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                serviceId: components["schemas"]["ServiceId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    validationId?: components["schemas"]["ValidationId"];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        report: components["schemas"]["ValidationReport"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    GetValidation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                validationId: components["schemas"]["ValidationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        validation: components["schemas"]["Validation"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListServiceTools: {
        parameters: {
            query?: {
                maxResults?: components["schemas"]["MaxResults"];
                nextToken?: components["schemas"]["NextToken"];
            };
            header?: never;
            path: {
                serviceId: components["schemas"]["ServiceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tools: components["schemas"]["ServiceToolsList"];
                        refreshedAt: components["schemas"]["Timestamp"];
                        nextToken?: components["schemas"]["NextToken"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListServiceAssociations: {
        parameters: {
            query?: {
                maxResults?: components["schemas"]["MaxResults"];
                nextToken?: components["schemas"]["NextToken"];
            };
            header?: never;
            path: {
                serviceId: components["schemas"]["ServiceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextToken?: components["schemas"]["NextToken"];
                        associations: components["schemas"]["ServiceAssociationsList"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    BatchGetAssociationCounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    serviceIds: components["schemas"]["ServiceIdList"];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        associationCounts: components["schemas"]["AssociationCountsList"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    CreateAgentSpace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: components["schemas"]["AgentSpaceName"];
                    description?: components["schemas"]["Description"];
                    locale?: components["schemas"]["Locale"];
                    kmsKeyArn?: components["schemas"]["KmsKeyArn"];
                    clientToken?: components["schemas"]["ClientToken"];
                    tags?: components["schemas"]["Tags"];
                    preferences?: components["schemas"]["AgentSpacePreferences"];
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        agentSpace: components["schemas"]["AgentSpace"];
                        tags?: components["schemas"]["Tags"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            402: components["responses"]["ServiceQuotaExceededException"];
            403: components["responses"]["AccessDeniedException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    GetAgentSpace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        agentSpace: components["schemas"]["AgentSpace"];
                        tags?: components["schemas"]["Tags"];
                        arn: components["schemas"]["ResourceArn"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    DeleteAgentSpace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    UpdateAgentSpace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: components["schemas"]["AgentSpaceName"];
                    description?: components["schemas"]["Description"];
                    locale?: components["schemas"]["Locale"];
                    preferences?: components["schemas"]["AgentSpacePreferences"];
                    state?: components["schemas"]["ServiceState"];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        agentSpace: components["schemas"]["AgentSpace"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListAgentSpaces: {
        parameters: {
            query?: {
                maxResults?: components["schemas"]["MaxResults"];
                nextToken?: components["schemas"]["NextToken"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextToken?: components["schemas"]["NextToken"];
                        agentSpaces: components["schemas"]["AgentSpaceList"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    AssociateService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    serviceId: components["schemas"]["ServiceId"];
                    configuration: components["schemas"]["ServiceConfiguration"];
                    capabilities?: components["schemas"]["AssociationCapabilities"];
                    expectedFingerprints?: components["schemas"]["ExpectedFingerprintsList"];
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        association: components["schemas"]["Association"];
                        webhook?: components["schemas"]["GenericWebhook"];
                        warnings?: components["schemas"]["ValidationWarnings"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            402: components["responses"]["ServiceQuotaExceededException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    GetAssociation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
                associationId: components["schemas"]["AssociationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        association: components["schemas"]["Association"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    DisassociateService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
                associationId: components["schemas"]["AssociationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    UpdateAssociation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
                associationId: components["schemas"]["AssociationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    configuration: components["schemas"]["ServiceConfiguration"];
                    capabilities?: components["schemas"]["AssociationCapabilities"];
                    expectedFingerprints?: components["schemas"]["ExpectedFingerprintsList"];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        association: components["schemas"]["Association"];
                        webhook?: components["schemas"]["GenericWebhook"];
                        warnings?: components["schemas"]["ValidationWarnings"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            402: components["responses"]["ServiceQuotaExceededException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListAssociationTools: {
        parameters: {
            query?: {
                maxResults?: components["schemas"]["MaxResults"];
                nextToken?: components["schemas"]["NextToken"];
                filterWithheldReason?: components["schemas"]["ConfirmedToolReason"];
            };
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
                associationId: components["schemas"]["AssociationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextToken?: components["schemas"]["NextToken"];
                        tools: components["schemas"]["AssociationToolsList"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListAssociations: {
        parameters: {
            query?: {
                maxResults?: components["schemas"]["MaxResults"];
                nextToken?: components["schemas"]["NextToken"];
                filterServiceTypes?: string;
            };
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextToken?: components["schemas"]["NextToken"];
                        associations: components["schemas"]["AssociationsList"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    CreateAccessToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: components["schemas"]["AccessTokenName"];
                    scope: components["schemas"]["AccessTokenScope"];
                    clientType?: components["schemas"]["AccessTokenClientType"];
                    expiresInDays?: components["schemas"]["AccessTokenExpiresInDays"];
                    allowedCidrs?: components["schemas"]["AllowedCidrs"];
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accessToken: components["schemas"]["AccessToken"];
                        tokenValue: components["schemas"]["AccessTokenValue"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            402: components["responses"]["ServiceQuotaExceededException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListAccessTokens: {
        parameters: {
            query?: {
                maxResults?: components["schemas"]["MaxResults"];
                nextToken?: components["schemas"]["NextToken"];
            };
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextToken?: components["schemas"]["NextToken"];
                        accessTokens: components["schemas"]["AccessTokensList"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    RotateAccessToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
                tokenId: components["schemas"]["AccessTokenId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accessToken: components["schemas"]["AccessToken"];
                        tokenValue: components["schemas"]["AccessTokenValue"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            402: components["responses"]["ServiceQuotaExceededException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    RevokeAccessToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
                tokenId: components["schemas"]["AccessTokenId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListInvocations: {
        parameters: {
            query?: {
                maxResults?: components["schemas"]["MaxResults"];
                nextToken?: components["schemas"]["NextToken"];
                serviceId?: components["schemas"]["ServiceId"];
                startTime?: components["schemas"]["TimeBound"];
                endTime?: components["schemas"]["TimeBound"];
            };
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextToken?: components["schemas"]["NextToken"];
                        invocations: components["schemas"]["InvocationList"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListInvocationCounts: {
        parameters: {
            query?: {
                maxResults?: components["schemas"]["MaxResults"];
                nextToken?: components["schemas"]["NextToken"];
                serviceId?: components["schemas"]["ServiceId"];
                startTime?: components["schemas"]["TimeBound"];
                endTime?: components["schemas"]["TimeBound"];
                period?: components["schemas"]["CountPeriod"];
            };
            header?: never;
            path: {
                agentSpaceId: components["schemas"]["AgentSpaceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextToken?: components["schemas"]["NextToken"];
                        invocationCounts: components["schemas"]["InvocationCountsList"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    ListTagsForResource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                resourceArn: components["schemas"]["ResourceArn"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tags: components["schemas"]["Tags"];
                    };
                };
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    TagResource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                resourceArn: components["schemas"]["ResourceArn"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    tags: components["schemas"]["Tags"];
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    UntagResource: {
        parameters: {
            query: {
                tagKeys: components["schemas"]["TagKeyList"];
            };
            header?: never;
            path: {
                resourceArn: components["schemas"]["ResourceArn"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationException"];
            403: components["responses"]["AccessDeniedException"];
            404: components["responses"]["ResourceNotFoundException"];
            409: components["responses"]["ConflictException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
    LookupEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent by the CloudTrail clients (awsJson1_1). */
                "X-Amz-Target"?: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/x-amz-json-1.1": {
                    LookupAttributes?: components["schemas"]["LookupAttributesList"];
                    StartTime?: components["schemas"]["EventDate"];
                    EndTime?: components["schemas"]["EventDate"];
                    /** @enum {string} */
                    EventCategory?: "insight";
                    MaxResults?: number;
                    NextToken?: string;
                };
                "application/json": {
                    LookupAttributes?: components["schemas"]["LookupAttributesList"];
                    StartTime?: components["schemas"]["EventDate"];
                    EndTime?: components["schemas"]["EventDate"];
                    /** @enum {string} */
                    EventCategory?: "insight";
                    MaxResults?: number;
                    NextToken?: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-amz-json-1.1": {
                        Events: components["schemas"]["EventsList"];
                        NextToken?: string;
                    };
                };
            };
            /** @description ValidationException, InvalidLookupAttributesException, InvalidTimeRangeException, InvalidMaxResultsException, InvalidNextTokenException, InvalidEventCategoryException */
            400: {
                headers: {
                    /** @description The error code. */
                    "x-amzn-errortype"?: "ValidationException" | "InvalidLookupAttributesException" | "InvalidTimeRangeException" | "InvalidMaxResultsException" | "InvalidNextTokenException" | "InvalidEventCategoryException";
                    /** @description Quote it when you ask. */
                    "x-amzn-requestid"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationError"];
                };
            };
            403: components["responses"]["AccessDeniedException"];
            413: components["responses"]["ContentSizeExceededException"];
            429: components["responses"]["ThrottlingException"];
            500: components["responses"]["InternalServerException"];
        };
    };
}

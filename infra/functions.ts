import { functionName, type Operation } from '../lib/api/operation.ts';
import { type OperationName, operationList } from '../lib/api/operations.ts';
import { type BrowserRouteName, browserRoutes, gatewayPath } from '../lib/oauth/browserRoutes.ts';
import { auditFunctions } from './auditFunctions.ts';
import type { Value } from './cloudformation.ts';
import { numberParam, type Resolver, textParam } from './params.ts';
import { roleOf } from './roles.ts';

export interface FunctionConfig {
  handler: string;
  description: string;
  role: string;
  timeout: number;
  /** MB; serverless.yml's when left out. */
  memorySize?: number;
  environment?: Record<string, Value>;
  package: { patterns: string[] };
  events: object[];
  reservedConcurrency?: number;
  url?: { authorizer?: 'aws_iam'; invokeMode: 'RESPONSE_STREAM' };
}

/** Seconds. A validation may take 20 s; API Gateway waits for 29 s at most. */
const ASKS_A_SERVER = 29;
/** Seconds. A store that answers later than this has failed; three tries of one request fit in. */
const ASKS_THE_STORE = 15;

/** Operations that send requests to a server or its authorization server. */
const REACHING_OUT: ReadonlySet<OperationName> = new Set<OperationName>([
  'RegisterService',
  'UpdateService',
  'CompleteRegistration',
  'ValidateRegistration',
  'ValidateService',
  'AssociateService',
  'UpdateAssociation',
]);

function operationFunction(operation: Operation): FunctionConfig {
  const isSlow = REACHING_OUT.has(operation.name as OperationName);
  return {
    ...bundled(functionName(operation)),
    description: operation.summary,
    timeout: isSlow ? ASKS_A_SERVER : ASKS_THE_STORE,
    events: [{ http: { method: operation.method, path: operation.path, authorizer: 'aws_iam' } }],
  };
}

function bundled(name: string) {
  return {
    role: roleOf(name),
    handler: `dist/functions/${name}/index.handler`,
    package: { patterns: [`dist/functions/${name}/*.mjs`] },
  };
}

/** Functions that browsers and authorization servers reach without a signature. */
const OPEN: Record<BrowserRouteName, Pick<FunctionConfig, 'description' | 'timeout'>> = {
  oauthConsent: {
    description: 'Shows who asks for a consent, and sends the browser to the provider.',
    timeout: ASKS_THE_STORE,
  },
  oauthCallback: {
    description: 'Takes the browser back from the provider, and finishes what waited for the consent.',
    // Beyond API Gateway's 29 s: a token request (10 s) and a validation (20 s) go on, and a reload tells the end.
    timeout: 60,
  },
  clientMetadata: {
    description: 'Says who Switchboard is as an OAuth client.',
    timeout: ASKS_THE_STORE,
  },
};

function openFunction(name: BrowserRouteName): FunctionConfig {
  const routes = browserRoutes.filter(route => route.name === name);
  return {
    ...bundled(name),
    ...OPEN[name],
    events: routes.map(route => ({ http: { method: route.method, path: gatewayPath(route) } })),
  };
}

/** Seconds: as long as Lambda lets a function run. */
const CALLS_A_TOOL = 900;

/** The agents' endpoint: one function URL for access tokens, which it verifies itself, and one that IAM stands before. */
function agentsFunction(name: string, callers: string, authorizer?: 'aws_iam'): FunctionConfig {
  return {
    ...bundled(name),
    description: `Serves the tools of agent spaces to ${callers}.`,
    timeout: CALLS_A_TOOL,
    url: { ...(authorizer && { authorizer }), invokeMode: 'RESPONSE_STREAM' },
    events: [],
  };
}

/** Functions that run by themselves: every minute, or so many. */
function scheduledFunction(name: string, every: string, description: string): Record<string, FunctionConfig> {
  return {
    [name]: {
      ...bundled(name),
      description,
      // Fewer than the 60 s until the next run begins at the earliest.
      timeout: 50,
      events: [{ schedule: { rate: [`rate(${every})`], method: 'eventBus' } }],
    },
  };
}

const all: Record<string, FunctionConfig> = {
  ...Object.fromEntries(
    operationList.map(operation => [functionName(operation), operationFunction(operation)]),
  ),
  ...Object.fromEntries(browserRoutes.map(({ name }) => [name, openFunction(name)])),
  mcpGateway: agentsFunction('mcpGateway', 'agents with access tokens'),
  mcpGatewaySigned: agentsFunction('mcpGatewaySigned', 'agents that sign their requests', 'aws_iam'),
  ...scheduledFunction('checkServiceHealth', '1 minute', 'Validates registered servers whose check is due.'),
  ...scheduledFunction('sweepDeletedSpaces', '1 minute', 'Finishes the deletion of agent spaces.'),
  ...scheduledFunction(
    'removeAbandonedClients',
    '10 minutes',
    'Removes OAuth clients that no registered server uses, where they were registered.',
  ),
  ...Object.fromEntries(
    Object.entries(auditFunctions).map(([name, config]) => [name, { ...bundled(name), ...config }]),
  ),
};

/** Names of the functions, as files of functions/ and in serverless.yml. */
export const functionNames = Object.keys(all);

/**
 * serverless.yml's functions: one for each operation, those of open routes, the agents' endpoint and what runs on a
 * schedule. The agents' functions keep concurrency to themselves where the parameter `reservedConcurrency` says so.
 */
export async function functions(resolver: Resolver): Promise<Record<string, FunctionConfig>> {
  if ((await textParam(resolver, 'reservedConcurrency')) === '') return all;
  const reservedConcurrency = await numberParam(resolver, 'reservedConcurrency', 1, 10_000);
  return Object.fromEntries(
    Object.entries(all).map(([name, config]) => [
      name,
      config.url ? { ...config, reservedConcurrency } : config,
    ]),
  );
}

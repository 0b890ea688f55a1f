import type { Operation } from '../lib/api/operation.ts';
import { operationList } from '../lib/api/operations.ts';
import { type BrowserRouteName, browserRoutes, gatewayPath } from '../lib/oauth/browserRoutes.ts';
import { auditFunctions } from './auditFunctions.ts';
import type { Value } from './cloudformation.ts';
import { type RoleName, roleOf } from './roles.ts';

export interface FunctionConfig {
  handler: string;
  description: string;
  role: RoleName;
  timeout: number;
  /** MB; serverless.yml's when left out. */
  memorySize?: number;
  environment?: Record<string, Value>;
  package: { patterns: string[] };
  events: object[];
  url?: { authorizer?: 'aws_iam'; invokeMode: 'RESPONSE_STREAM' };
}

/** Seconds. A validation may take 20 s; API Gateway waits for 29 s at most. */
const ASKS_A_SERVER = 29;
/** Seconds. A store that answers later than this has failed; three tries of one request fit in. */
const ASKS_THE_STORE = 15;

/** The function that runs an operation: its name, its file in functions/ and its folder in dist/functions/. */
export function functionName(operation: Pick<Operation, 'name'>): string {
  return operation.name.charAt(0).toLowerCase() + operation.name.slice(1);
}

/** Operations that send requests to a registered server. */
const REACHING_OUT: ReadonlySet<RoleName> = new Set([
  'RegisterRole',
  'DryRunRole',
  'ReachServerRole',
  'CallbackRole',
]);

function operationFunction(operation: Operation): FunctionConfig {
  const role = roleOf(operation);
  return {
    ...bundled(functionName(operation)),
    description: operation.summary,
    role,
    timeout: REACHING_OUT.has(role) ? ASKS_A_SERVER : ASKS_THE_STORE,
    events: [{ http: { method: operation.method, path: operation.path, authorizer: 'aws_iam' } }],
  };
}

function bundled(name: string) {
  return {
    handler: `dist/functions/${name}/index.handler`,
    package: { patterns: [`dist/functions/${name}/index.mjs`] },
  };
}

/** Functions that browsers and authorization servers reach without a signature. */
const OPEN: Record<BrowserRouteName, Pick<FunctionConfig, 'description' | 'role' | 'timeout'>> = {
  oauthConsent: {
    description: 'Shows who asks for a consent, and sends the browser to the provider.',
    role: 'ConsentPageRole',
    timeout: ASKS_THE_STORE,
  },
  oauthCallback: {
    description: 'Takes the browser back from the provider, and finishes what waited for the consent.',
    role: 'CallbackRole',
    // Beyond API Gateway's 29 s: a token request (10 s) and a validation (20 s) go on, and a reload tells the end.
    timeout: 60,
  },
  clientMetadata: {
    description: 'Says who Switchboard is as an OAuth client.',
    role: 'PublicRole',
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
    role: 'GatewayRole',
    timeout: CALLS_A_TOOL,
    url: { ...(authorizer && { authorizer }), invokeMode: 'RESPONSE_STREAM' },
    events: [],
  };
}

/** serverless.yml's functions: one for each operation, those of open routes, and what runs on a schedule. */
export const functions: Record<string, FunctionConfig> = {
  ...Object.fromEntries(
    operationList.map(operation => [functionName(operation), operationFunction(operation)]),
  ),
  ...Object.fromEntries(browserRoutes.map(({ name }) => [name, openFunction(name)])),
  mcpGateway: agentsFunction('mcpGateway', 'agents with access tokens'),
  mcpGatewaySigned: agentsFunction('mcpGatewaySigned', 'agents that sign their requests', 'aws_iam'),
  sweepDeletedSpaces: {
    ...bundled('sweepDeletedSpaces'),
    description: 'Finishes the deletion of agent spaces.',
    role: 'SweepRole',
    // Fewer than the 60 s until the next run begins.
    timeout: 50,
    events: [{ schedule: { rate: ['rate(1 minute)'], method: 'eventBus' } }],
  },
  removeAbandonedClients: {
    ...bundled('removeAbandonedClients'),
    description: 'Removes OAuth clients that no registered server uses, where they were registered.',
    role: 'ClientRemovalRole',
    // Authorization servers get 5 s each, all at once.
    timeout: 50,
    events: [{ schedule: { rate: ['rate(10 minutes)'], method: 'eventBus' } }],
  },
  ...Object.fromEntries(
    Object.entries(auditFunctions).map(([name, config]) => [name, { ...bundled(name), ...config }]),
  ),
};

import { scrubServerText } from '../egress/scrub.ts';
import { secretLookingUrlParts } from '../egress/urlPolicy.ts';
import { boundedWarnings } from './boundedWarnings.ts';
import { type Inspection, inspectServer } from './inspectServer.ts';
import { MAX_SERVER_INFO } from './limits.ts';
import { McpError } from './mcpError.ts';
import { metadataWarnings } from './metadata/metadataWarnings.ts';
import { createStepTracker, type StepTracker } from './stepTracker.ts';
import { nameWarnings } from './toolNames.ts';
import type {
  ServerConnection,
  StepResult,
  ValidationReport,
  ValidationStep,
  ValidationWarning,
} from './types.ts';
import { unexpected } from './unexpected.ts';

export interface ValidateOptions {
  /** The name that agents see before each tool's name, to warn of names that become too long. */
  serverName?: string | undefined;
  /** Milliseconds for all checks (20,000 when left out); ending a session may take 2 s more. */
  budgetMs?: number | undefined;
  /** Told each step as it ends. A step that a later answer refutes is told again, as failed. */
  onStep?: ((step: StepResult) => void) | undefined;
  /** Milliseconds of a clock that never goes back. */
  now?: (() => number) | undefined;
}

/**
 * Proves that a server can be reached and used: runs the checks in order until one fails and reports on every
 * one. Never fails itself. No credential is in the report, whatever the server answers.
 */
export async function validateServer(
  connection: ServerConnection,
  options: ValidateOptions = {},
): Promise<ValidationReport> {
  const { now = () => performance.now(), budgetMs } = options;
  const began = now();
  const onStep = harmless(options.onStep);
  const tracker = createStepTracker({ now, onStep, notApplicable: notApplicable(connection.endpoint) });
  const warnings = endpointWarnings(connection.endpoint);
  const found = await run(connection, tracker, budgetMs);
  return {
    valid: found !== undefined,
    steps: tracker.steps(),
    warnings: boundedWarnings([...warnings, ...(found ? toolWarnings(found, options.serverName) : [])]),
    durationMs: Math.round(now() - began),
    ...(found && described(found)),
  };
}

async function run(connection: ServerConnection, tracker: StepTracker, budgetMs: number | undefined) {
  try {
    return await inspectServer(connection, { budgetMs, progress: tracker });
  } catch (error) {
    tracker.failed(error instanceof McpError ? error : unexpected(tracker.current()));
    return undefined;
  }
}

/** Watching must not change the outcome. */
function harmless(onStep: ValidateOptions['onStep']): ValidateOptions['onStep'] {
  return step => {
    try {
      onStep?.(step);
    } catch {
      // The watcher's own affair.
    }
  };
}

function notApplicable(endpoint: string): Partial<Record<ValidationStep, string>> {
  const isInsecure = URL.parse(endpoint)?.protocol === 'http:';
  return isInsecure ? { tls: 'The endpoint is plain http://: nothing is encrypted.' } : {};
}

function endpointWarnings(endpoint: string): ValidationWarning[] {
  const parts = URL.canParse(endpoint) ? secretLookingUrlParts(endpoint) : [];
  if (parts.length === 0) return [];
  const message = `The endpoint looks like it holds a secret (${parts.join(', ')}), and URLs are audited. Give the secret as a credential instead.`;
  return [{ code: 'ENDPOINT_LOOKS_SECRET', message }];
}

function toolWarnings(
  { tools, warnings, secrets }: Inspection,
  serverName: string | undefined,
): ValidationWarning[] {
  const show = (text: string) => scrubServerText(text, secrets);
  return [...warnings, ...nameWarnings(tools, serverName, show), ...metadataWarnings(tools, { show })];
}

function described({ verdict, serverInfo, tools, secrets }: Inspection) {
  const shown = (text: string) => scrubServerText(text, secrets).slice(0, MAX_SERVER_INFO).toWellFormed();
  return {
    verdict,
    tools,
    ...(serverInfo && { serverInfo: { name: shown(serverInfo.name), version: shown(serverInfo.version) } }),
  };
}

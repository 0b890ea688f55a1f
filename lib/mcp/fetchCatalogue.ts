import { type InspectOptions, inspectServer } from './inspectServer.ts';
import type { ProtocolVerdict, ServerConnection, ToolDefinition, ValidationWarning } from './types.ts';

export interface Catalogue {
  tools: ToolDefinition[];
  /** What the server turned out to speak: keep it when it differs from the remembered one. */
  verdict: ProtocolVerdict;
  warnings: ValidationWarning[];
}

/**
 * The tools that a registered server offers now, within 20 s. Uses the remembered verdict, and probes anew,
 * once, when that no longer works. Fails with a `McpError`.
 */
export async function listServerTools(
  connection: ServerConnection,
  options: Pick<InspectOptions, 'budgetMs'> = {},
): Promise<Catalogue> {
  const { tools, verdict, warnings } = await inspectServer(connection, options);
  return { tools, verdict, warnings };
}

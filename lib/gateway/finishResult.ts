import { SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import { holdsSecret } from '../mcp/credentialSecrets.ts';
import { jsonOf } from './json.ts';
import { isObject, RPC, RpcError } from './rpc.ts';
import { SERVER_INFO } from './serverInfo.ts';
import { noResult } from './upstream/answer.ts';
import type { UpstreamResult } from './upstream/types.ts';

/** How an agent speaks: 2026-07-28, or the protocols before it. */
export type Era = 'modern' | 'legacy';

/**
 * A server's result as the agent gets it, as JSON: content as it came, in the form that the agent's protocol has.
 * @throws RpcError for one that asks the user something, that holds the server's credential, or that is no result of a
 * call
 */
export function finishResult(
  result: UpstreamResult,
  era: Era,
  outputSchema: unknown,
  secrets: readonly string[],
): string {
  const { resultType = 'complete' } = result;
  if (resultType === 'input_required') throw asksUser();
  if (resultType !== 'complete' || !isCallResult(result)) throw noResult();
  const text = jsonOf(era === 'modern' ? modern(result) : legacy(result, outputSchema));
  if (text === undefined) throw noResult();
  if (holdsSecret(text, secrets)) throw repeatsCredential();
  return text;
}

/** Results of servers without content have at least a structure. */
function isCallResult({ content, structuredContent }: UpstreamResult): boolean {
  return Array.isArray(content) || (content === undefined && structuredContent !== undefined);
}

function modern(result: UpstreamResult): object {
  const { content = [], _meta } = result;
  const meta = isObject(_meta) ? _meta : {};
  return {
    ...result,
    content,
    resultType: 'complete',
    _meta: { ...meta, [SERVER_INFO_META_KEY]: SERVER_INFO },
  };
}

/** Before 2026-07-28 structured content was an object, and lists show other schemas wrapped into one. */
function legacy({ resultType: _, _meta, ...result }: UpstreamResult, outputSchema: unknown): object {
  const { content = [], structuredContent } = result;
  const isWrapped =
    !isObject(structuredContent) || (isObject(outputSchema) && outputSchema.type !== 'object');
  return {
    ...result,
    content,
    ...(structuredContent === undefined || !isWrapped
      ? {}
      : { structuredContent: { result: structuredContent } }),
    ...ownMeta(_meta),
  };
}

/** What a server says of itself in each answer is of today's protocol. */
function ownMeta(value: unknown): { _meta?: object } {
  if (!isObject(value)) return {};
  const { [SERVER_INFO_META_KEY]: _, ..._meta } = value;
  return Object.keys(_meta).length > 0 ? { _meta } : {};
}

/** Nobody is there to be asked: sampling, elicitation and roots are not offered. */
function asksUser(): RpcError {
  return new RpcError(
    RPC.GATEWAY,
    'The tool asks for input from the user or the model, which is not offered here.',
    { code: 'INPUT_NOT_OFFERED' },
  );
}

function repeatsCredential(): RpcError {
  return new RpcError(RPC.GATEWAY, "The answer is withheld: it repeats the server's credential.", {
    code: 'ANSWER_ECHOES_CREDENTIAL',
  });
}

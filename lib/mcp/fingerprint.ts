import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ToolDefinition } from './types.ts';

/**
 * What an operator confirms when allowing a tool: SHA-256, in lower-case hex, over the canonical JSON (RFC 8785)
 * of the whole definition. Members that no specification names are covered, `icons` too: a swapped icon can
 * mislead whoever approves a call. Only the top-level `_meta` is left out, since servers may fill it anew in
 * each answer; so never forward a definition's `_meta` to an agent. Throws on what has no canonical form (lone
 * surrogates, infinite numbers); `listTools` drops such tools.
 */
export function fingerprint(tool: ToolDefinition): string {
  return createHash('sha256')
    .update(canonicalJson(confirmedPart(tool)))
    .digest('hex');
}

/** The members of a definition that its fingerprint covers. */
export function confirmedPart({ _meta, ...confirmed }: ToolDefinition): Record<string, unknown> {
  return confirmed;
}

/** Canonical JSON (RFC 8785) of a JSON value. Throws where there is none. */
export function canonicalJson(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

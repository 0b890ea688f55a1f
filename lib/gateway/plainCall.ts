import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import type { Era } from './finishResult.ts';
import { isObject } from './rpc.ts';

/** The revision that is spoken without sessions. */
export const MODERN_VERSION = '2026-07-28';

const MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params']);
const ENVELOPE = new Set([PROTOCOL_VERSION_META_KEY, CLIENT_INFO_META_KEY, CLIENT_CAPABILITIES_META_KEY]);
const CAPABILITIES = new Set(['elicitation', 'roots', 'sampling']);

/**
 * The era of a `tools/call` request in the form that nearly all clients send it in, told without the SDK's schemas,
 * which take longer than all else that is looked at. `undefined` says nothing: such a message is the SDK's to judge.
 */
export function eraOfPlainCall(
  message: Record<string, unknown>,
  version: string | undefined,
): Era | undefined {
  const { params } = message;
  if (!Object.keys(message).every(member => MEMBERS.has(member)) || !isObject(params)) return undefined;
  const { _meta } = params;
  if (version === MODERN_VERSION) return isEnvelope(_meta, version) ? 'modern' : undefined;
  if (version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) return undefined;
  return _meta === undefined ? 'legacy' : undefined;
}

function isEnvelope(meta: unknown, version: string): boolean {
  if (!isObject(meta) || meta[PROTOCOL_VERSION_META_KEY] !== version) return false;
  if (!isClientInfo(meta[CLIENT_INFO_META_KEY]) || !areCapabilities(meta[CLIENT_CAPABILITIES_META_KEY])) {
    return false;
  }
  return Object.keys(meta).every(member => ENVELOPE.has(member));
}

function isClientInfo(info: unknown): boolean {
  if (!isObject(info) || typeof info.name !== 'string' || typeof info.version !== 'string') return false;
  return Object.keys(info).length === 2;
}

function areCapabilities(capabilities: unknown): boolean {
  if (!isObject(capabilities)) return false;
  return Object.entries(capabilities).every(
    ([name, value]) => CAPABILITIES.has(name) && isObject(value) && Object.keys(value).length === 0,
  );
}

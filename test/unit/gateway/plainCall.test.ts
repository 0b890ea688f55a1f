import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  classifyInboundRequest,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eraOfPlainCall, MODERN_VERSION } from '../../../lib/gateway/plainCall.ts';

const clientInfo = { name: 'agent', version: '1.0.0' };

function modernCall(meta: object = {}, more: object = {}) {
  const _meta = {
    [PROTOCOL_VERSION_META_KEY]: MODERN_VERSION,
    [CLIENT_INFO_META_KEY]: clientInfo,
    [CLIENT_CAPABILITIES_META_KEY]: {},
    ...meta,
  };
  return {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'echo', arguments: {}, _meta },
    ...more,
  };
}

describe('the era of a plain call', () => {
  it.each([
    [modernCall(), MODERN_VERSION, 'modern'],
    [modernCall({ [CLIENT_CAPABILITIES_META_KEY]: { sampling: {}, roots: {} } }), MODERN_VERSION, 'modern'],
    [{ jsonrpc: '2.0', id: 'a', method: 'tools/call', params: { name: 'echo' } }, '2025-11-25', 'legacy'],
    [{ jsonrpc: '2.0', id: 'a', method: 'tools/call', params: { name: 'echo' } }, undefined, 'legacy'],
    // What is not plain is not judged here.
    [modernCall({}, { more: 1 }), MODERN_VERSION, undefined],
    [modernCall({ [PROTOCOL_VERSION_META_KEY]: '2025-11-25' }), MODERN_VERSION, undefined],
    [modernCall({ [CLIENT_INFO_META_KEY]: { name: 'agent' } }), MODERN_VERSION, undefined],
    [modernCall({ [CLIENT_INFO_META_KEY]: { ...clientInfo, icons: 1 } }), MODERN_VERSION, undefined],
    [modernCall({ [CLIENT_CAPABILITIES_META_KEY]: { sampling: 1 } }), MODERN_VERSION, undefined],
    [modernCall({ [CLIENT_CAPABILITIES_META_KEY]: [] }), MODERN_VERSION, undefined],
    [modernCall({ 'io.modelcontextprotocol/logLevel': 'loud' }), MODERN_VERSION, undefined],
    [modernCall(), '2025-11-25', undefined],
    [modernCall(), undefined, undefined],
    [modernCall(), '2099-01-01', undefined],
    [{ jsonrpc: '2.0', id: 'a', method: 'tools/call', params: [] }, undefined, undefined],
  ])('of %j under %s is %s', (message, version, era) => {
    expect(eraOfPlainCall(message, version)).toBe(era);
  });

  it('is never another than the SDK finds', () => {
    const odd = fc.oneof(
      fc.constant(undefined),
      fc.jsonValue(),
      fc.constant(MODERN_VERSION),
      fc.constant({}),
    );
    const capabilities = fc.dictionary(fc.constantFrom('roots', 'sampling', 'elicitation', 'other'), odd);
    const meta = fc.dictionary(
      fc.constantFrom(
        PROTOCOL_VERSION_META_KEY,
        CLIENT_INFO_META_KEY,
        CLIENT_CAPABILITIES_META_KEY,
        'traceparent',
      ),
      fc.oneof(odd, capabilities, fc.constant(clientInfo), fc.record({ name: odd, version: odd })),
    );
    const message = fc.oneof(
      meta.map(some => modernCall(some)),
      fc
        .record({ id: fc.oneof(fc.integer(), fc.string()), params: fc.oneof(odd, fc.record({ _meta: odd })) })
        .map(some => ({ jsonrpc: '2.0', method: 'tools/call', ...some })),
    );
    const version = fc.constantFrom(undefined, MODERN_VERSION, '2025-11-25', '2025-06-18', '1999-01-01');
    let told = 0;
    fc.assert(
      fc.property(message, version, (body, protocolVersionHeader) => {
        const era = eraOfPlainCall(body, protocolVersionHeader);
        if (era === undefined) return;
        told++;
        const request = { httpMethod: 'POST', body, ...(protocolVersionHeader && { protocolVersionHeader }) };
        expect(classifyInboundRequest(request).kind).toBe(era);
      }),
      { numRuns: 3_000 },
    );
    expect(told).toBeGreaterThan(100);
  });
});

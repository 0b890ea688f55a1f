import type { Client, PriorDiscovery } from '@modelcontextprotocol/client';
import type { ProtocolVerdict } from './types.ts';

/** How the SDK is told a remembered verdict. */
export function priorOf(verdict: ProtocolVerdict | undefined): PriorDiscovery | undefined {
  if (verdict?.kind === 'legacy') return { kind: 'legacy' };
  // The SDK checks the form of what was remembered.
  return verdict && ({ kind: 'modern', discover: verdict.discover } as PriorDiscovery);
}

/** What to remember: no text of the server's is in it. */
export function verdictOf(client: Client): ProtocolVerdict {
  const protocolVersion = client.getNegotiatedProtocolVersion() ?? '';
  if (client.getProtocolEra() !== 'modern') return { kind: 'legacy', protocolVersion };
  const capabilities = client.getServerCapabilities()?.tools ? { tools: {} } : {};
  return {
    kind: 'modern',
    protocolVersion,
    discover: { supportedVersions: [protocolVersion], capabilities },
  };
}

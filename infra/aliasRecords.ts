import type { Resource, Value } from './cloudformation.ts';

/** What AWS serves a name with. */
export interface AliasTarget {
  DNSName: Value;
  HostedZoneId: Value;
}

/** The records of a name in a hosted zone, IPv4 and IPv6, as resources `<id>` and `<id>V6`. */
export function aliasRecords(
  id: string,
  { name, zone }: { name: string; zone: string },
  target: AliasTarget,
): Record<string, Resource> {
  const record = (type: 'A' | 'AAAA'): Resource => ({
    Type: 'AWS::Route53::RecordSet',
    Properties: { HostedZoneId: zone, Name: name, Type: type, AliasTarget: target },
  });
  return { [id]: record('A'), [`${id}V6`]: record('AAAA') };
}

import { createKeyFileVault } from '../../../lib/credentials/keyFileVault.ts';
import type { VaultContext } from '../../../lib/credentials/vault.ts';
import { clientContext } from '../../../lib/oauth/registeredClient.ts';
import type { StoredItem } from '../table.ts';
import { vaultTestKey } from '../vaultTestKey.ts';
import { fromJson, toJson } from './json.ts';

/** The ports that the fixtures name their servers by. Nothing listens there: runs take whatever is free. */
export const STORED_PORTS = {
  keyed: 18_611,
  bearer: 18_612,
  provider: 18_613,
  signed: 18_614,
  oauth: 18_615,
};

export type Ports = typeof STORED_PORTS;

/**
 * Items as they would be with their servers at other ports: addresses in the clear, and those within what is
 * encrypted. What names no server stays as it is, byte for byte.
 * @throws VaultError where what is encrypted cannot be read by the code of today
 */
export function withPorts(items: readonly StoredItem[], from: Ports, to: Ports): Promise<StoredItem[]> {
  const vault = createKeyFileVault({ keys: [vaultTestKey()] });
  const places = (Object.keys(from) as (keyof Ports)[]).map(
    name => [new RegExp(`127\\.0\\.0\\.1:${from[name]}(?!\\d)`, 'g'), `127.0.0.1:${to[name]}`] as const,
  );
  const moved = (text: string) => places.reduce((now, [place, other]) => now.replaceAll(place, other), text);
  return Promise.all(
    items.map(async item => {
      const inTheClear = fromJson(JSON.parse(moved(JSON.stringify(toJson(item)))));
      if (!(item.ciphertext instanceof Uint8Array)) return inTheClear;
      const context = contextOf(item);
      const text = await vault.decrypt(item.ciphertext, context);
      if (moved(text) === text) return inTheClear;
      return { ...inTheClear, ciphertext: await vault.encrypt(moved(text), context) };
    }),
  );
}

/** What the ciphertext of an item is bound to. */
function contextOf({ pk, sk, serviceId }: StoredItem): VaultContext {
  const [, accountId = '', part, id = ''] = pk.split('#');
  if (part === 'OAC') return clientContext({ accountId, registration: id });
  if (part === 'X') return { accountId, serviceId, purpose: 'credential' };
  return { accountId, serviceId: id, purpose: sk === 'TOK' ? 'token' : 'credential' };
}

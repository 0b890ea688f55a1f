import { type Credential, parseCredential } from '../credentials/credential.ts';
import { keys } from '../store/keys.ts';
import { getItems } from '../store/read.ts';
import type { ServerDeps } from './serverDeps.ts';
import { type CredentialItem, noService, type ServiceItem } from './serviceItem.ts';

/** A registration of an account. */
export interface ServicePlace {
  accountId: string;
  serviceId: string;
}

/** A registration with its credential in the clear: for use inside this process only. */
export interface OpenService {
  service: ServiceItem;
  credential: Credential;
}

/**
 * Reads a registration together with its credential, as of one moment.
 * @throws ResourceNotFoundException
 */
export async function openService(
  { accountId, serviceId }: ServicePlace,
  deps: ServerDeps,
): Promise<OpenService> {
  const [service, stored] = await getItems<[ServiceItem, CredentialItem]>(deps, [
    keys.service(accountId, serviceId),
    keys.credential(accountId, serviceId),
  ]);
  if (!service || !stored) return noService(serviceId);
  return { service, credential: await decrypt(accountId, serviceId, stored, deps) };
}

/** The credential behind its ciphertext. */
export async function decrypt(
  accountId: string,
  serviceId: string,
  stored: CredentialItem,
  deps: Pick<ServerDeps, 'vault'>,
): Promise<Credential> {
  return parseCredential(
    await deps.vault.decrypt(stored.ciphertext, { accountId, serviceId, purpose: 'credential' }),
  );
}

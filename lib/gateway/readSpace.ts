import { allowedTools } from '../associations/allowedTools.ts';
import { type AssociationItem, selectionOf } from '../associations/associationItem.ts';
import { readPinned } from '../associations/pinned.ts';
import { reconcileAssociation } from '../associations/reconcile.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import type { SpaceItem } from '../spaces/spaceItem.ts';
import { keys } from '../store/keys.ts';
import { getItem, getMany, queryItems } from '../store/read.ts';
import type { ServerView, SpaceView } from './spaceView.ts';
import type { GatewayDeps } from './types.ts';

/** Associations of a space that agents are served: 500 tools cannot be spread over more. */
const MAX_ASSOCIATIONS = 1_000;

/**
 * What agents of a space can see and do now: three reads, and one more for each association that has changed since
 * `previous`. An association whose server offers something else than it was last compared with is compared first.
 * @returns `undefined` where there is no such space
 */
export async function readSpace(
  accountId: string,
  agentSpaceId: string,
  previous: SpaceView | undefined,
  deps: GatewayDeps,
): Promise<SpaceView | undefined> {
  const [space, associations] = await Promise.all([
    getItem<SpaceItem>(deps, keys.space(accountId, agentSpaceId)),
    queryItems<AssociationItem>(deps, keys.spaceParts(accountId, agentSpaceId), 'ASC#', MAX_ASSOCIATIONS),
  ]);
  if (!space) return undefined;
  const services = await readServices(accountId, associations, deps);
  const known = new Map(previous?.servers.map(server => [server.service.serviceId, server]));
  const servers = await Promise.all(
    associations.map(association => {
      const service = services.get(association.serviceId);
      return service && serverView(accountId, association, service, known.get(service.serviceId), deps);
    }),
  );
  return { space, servers: servers.filter(server => server !== undefined) };
}

async function readServices(
  accountId: string,
  associations: readonly AssociationItem[],
  deps: GatewayDeps,
): Promise<Map<string, ServiceItem>> {
  const wanted = associations.map(({ serviceId }) => keys.service(accountId, serviceId));
  const services = await getMany<ServiceItem>(deps, wanted);
  return new Map(services.map(service => [service.serviceId, service]));
}

async function serverView(
  accountId: string,
  read: AssociationItem,
  service: ServiceItem,
  known: ServerView | undefined,
  deps: GatewayDeps,
): Promise<ServerView | undefined> {
  const association =
    read.catalogueHash === service.catalogueHash
      ? read
      : await reconcileAssociation({ ...read, accountId }, deps);
  // Gone meanwhile.
  if (!association) return undefined;
  if (known && known.associationVersion === association.version) return { ...known, service };
  const pinned = await readPinned(deps, accountId, association.agentSpaceId, association.associationId);
  return {
    name: association.serverName,
    associationVersion: association.version,
    service,
    tools: new Map(allowedTools(association, pinned).map(tool => [tool.name, tool])),
    takesAll: selectionOf(association).tools.includes('*'),
  };
}

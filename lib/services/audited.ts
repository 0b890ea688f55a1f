import type { Deps, RequestContext } from '../context.ts';
import { serviceResource } from '../identity/arn.ts';
import type { ServiceItem } from './serviceItem.ts';

/** Names the service that a call is about in its audit event and, once it is known, its endpoint URL. */
export function concernsService(ctx: RequestContext, deps: Deps, serviceId: string): void {
  ctx.audit.concerns(serviceResource({ ...ctx.caller, region: deps.config.region }, serviceId));
}

/** Puts the endpoint URL of a service into the event of a call whose request does not carry it. */
export function audited(ctx: RequestContext, service: Pick<ServiceItem, 'endpoint'>): void {
  ctx.audit.add({ endpoint: service.endpoint });
}

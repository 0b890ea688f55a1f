import { AgentSpaceId, ServiceId } from '../../schemas/ids.ts';
import { TimeBound } from '../../schemas/invocations.ts';
import { page } from '../../schemas/paging.ts';

/** Which calls of an agent space. */
export const invocationsOf = {
  agentSpaceId: AgentSpaceId,
  ...page,
  serviceId: ServiceId.optional(),
  startTime: TimeBound.optional(),
  endTime: TimeBound.optional(),
};

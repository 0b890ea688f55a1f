import type { Deps } from '../context.ts';
import { ourselves } from '../identity/ourselves.ts';
import type { TransactClause } from '../store/transact.ts';
import { eventItems } from './items.ts';
import type { EventFacts } from './record.ts';

type OwnFacts = Pick<EventFacts, 'accountId' | 'eventName' | 'requestParameters' | 'resources'> &
  Pick<EventFacts, 'additionalEventData' | 'failure'>;

/** The event of something that the service does by itself, for the transaction that does it. */
export function ownEvent(facts: OwnFacts, deps: Pick<Deps, 'config' | 'now' | 'newId'>): TransactClause[] {
  const at = deps.now();
  const own = {
    eventId: deps.newId(at),
    requestId: deps.newId(at),
    at,
    caller: ourselves(facts.accountId, deps.config),
    readOnly: false,
    responseElements: null,
  };
  return eventItems({ ...facts, ...own }, deps.config, 'new');
}

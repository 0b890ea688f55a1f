import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { PendingStatus } from '../../lib/oauth/pending.ts';
import { readTicket } from '../../lib/oauth/state.ts';
import { keys } from '../../lib/store/keys.ts';
import type { AuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { newPerson, type Person } from '../support/oauth/person.ts';

/** An authorization server, a server behind it, and the way back: they outlive every kill. */
export interface OAuthWorld {
  provider: AuthorizationServer;
  endpoint: string;
  console: string;
}

export type OAuthMethod = 'client' | 'consent' | 'discovery';

export function authorizationConfig(by: OAuthMethod, { provider, console }: OAuthWorld): object {
  if (by === 'discovery') return { authorizationDiscovery: { returnToEndpoint: console } };
  const client = { ...CLIENTS.confidential, exchangeUrl: provider.tokenUrl, scopes: ['mcp:read'] };
  if (by === 'client') return { oAuthClientCredentials: client };
  const { authorizationUrl } = provider;
  return { oAuth3LO: { ...client, authorizationUrl, returnToEndpoint: console } };
}

/** A consent, from the answer that began it to where its browser landed. */
export interface Journey {
  /** Of the request that began it. */
  requestId: string;
  url: string;
  person: Person;
  callback?: URL;
  landed?: URL;
}

export function newJourney(requestId: string, url: string): Journey {
  return { requestId, url, person: newPerson() };
}

/** Goes on from wherever the browser is. @throws Error where the server does not answer */
export async function goOn(journey: Journey, { provider }: OAuthWorld): Promise<void> {
  journey.callback ??= await journey.person.consent(journey.url, provider);
  const { location, status } = await journey.person.get(journey.callback);
  if (location) journey.landed = new URL(location);
  // A page that asks to reload is no end.
  else if (status < 500) throw new Error(`The callback answered ${status}`);
}

/** Takes up again what a kill interrupted; a code that was being used is given up after seconds, so those wait. */
export async function resume(
  journeys: readonly Journey[],
  world: OAuthWorld,
  client: DynamoDBDocumentClient,
  waitsForLost: boolean,
): Promise<void> {
  const open = journeys.filter(({ callback, landed }) => callback && !landed);
  await Promise.all(
    open.map(async journey => {
      if (waitsForLost || (await statusOf(journey, client)) !== 'exchanging') await goOn(journey, world);
    }),
  );
}

async function statusOf(
  { url }: Journey,
  client: DynamoDBDocumentClient,
): Promise<PendingStatus | undefined> {
  const ticket = readTicket(new URL(url).searchParams.get('ticket') ?? '');
  const Key = keys.pending(ticket?.accountId ?? '', ticket?.hash ?? '');
  const { Item } = await client.send(new GetCommand({ TableName: 'switchboard', Key, ConsistentRead: true }));
  return Item?.status;
}

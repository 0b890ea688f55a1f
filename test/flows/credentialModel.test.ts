import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { consentDeps } from '../../lib/deps/consent.ts';
import { ABANDONED_MS } from '../../lib/oauth/registeredClient.ts';
import { removeAbandonedClients } from '../../lib/oauth/removeAbandonedClients.ts';
import { ensureTable } from '../../local/engine/ensureTable.ts';
import type { LocalServer } from '../../local/http/server.ts';
import { type Item, scan } from '../operations/support.ts';
import { type Answer, type App, startApp } from '../support/app.ts';
import { freePort } from '../support/freePort.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { serveBrowserRoutes } from '../support/oauth/browserRoutes.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { newPerson } from '../support/oauth/person.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { assertUntilReached } from '../support/untilReached.ts';
import { batches, type Command, type Method } from './credentialCommands.ts';
import {
  type Action,
  actionOf,
  type Consent,
  emptyModel,
  footprintOf,
  type Model,
  outcomeOf,
} from './credentialModel.ts';
import { expectSound, type State, stateOf } from './state.ts';

const COMMANDS = 400;
const SECONDS_IN_ALL = 240;
/** The commands meet: each has succeeded and has been refused for each of its reasons. */
const TO_REACH = [
  'register ok',
  'register ConflictException',
  'rotate ok',
  'rotate ResourceNotFoundException',
  'finish registration ok',
  'finish registration conflict',
  'finish update ok',
  'finish update conflict',
  'validate ok',
  'deregister ok',
];

let app: App;
let provider: AuthorizationServer;
let peer: ProtectedPeer;
let browsers: LocalServer;
let console: string;
const registered = new Set<string>();

beforeAll(async () => {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  console = `${base}/console`;
  app = await startApp({ PUBLIC_BASE_URL: base, QUOTA_SERVICES: '1000' });
  browsers = await serveBrowserRoutes(port);
  provider = await startAuthorizationServer({ redirectUris: [`${base}/v1/register/mcpserver/callback`] });
  provider.provider.on('registration_create.success', (_ctx, { clientId }) => void registered.add(clientId));
  peer = await startProtectedServer({
    authorizationServer: provider,
    checksAudience: false,
    scopes: ['mcp:read'],
  });
});
afterAll(async () => {
  await browsers.close();
  await Promise.all([app.stop(), peer.close(), provider.close()]);
});

function authorizationConfig(by: Method): object {
  if (by === 'discovery') return { authorizationDiscovery: { returnToEndpoint: console } };
  const client = { ...CLIENTS.confidential, exchangeUrl: provider.tokenUrl, scopes: ['mcp:read'] };
  if (by === 'client') return { oAuthClientCredentials: client };
  const { authorizationUrl } = provider;
  return { oAuth3LO: { ...client, authorizationUrl, returnToEndpoint: console } };
}

function requestOf({ command, service }: Action): [OperationName, object] {
  switch (command.kind) {
    case 'register': {
      const { name, by } = command;
      const mcpserver = { name, endpoint: peer.url, authorizationConfig: authorizationConfig(by) };
      return ['RegisterService', { service: 'mcpserver', serviceDetails: { mcpserver } }];
    }
    case 'rotate': {
      const mcpserver = { authorizationConfig: authorizationConfig(command.by) };
      return ['UpdateService', { serviceId: service, serviceDetails: { mcpserver } }];
    }
    case 'describe':
      return ['UpdateService', { serviceId: service, description: 'described' }];
    case 'validate':
      return ['ValidateService', { serviceId: service }];
    default:
      return ['DeregisterService', { serviceId: service }];
  }
}

interface Done {
  action: Action;
  outcome: string;
  expected: string | undefined;
  /** Whether nothing else in the batch touched the same things. */
  alone: boolean;
  name?: OperationName;
  answer?: Answer;
  /** The browser's, when a registration was finished. */
  serviceId?: string | undefined;
}

/** Ways through a consent, by its address: whoever finishes it a second time reloads. */
const journeys = new Map<string, Promise<() => Promise<URL>>>();

async function travel(url: string): Promise<() => Promise<URL>> {
  const person = newPerson();
  const callback = await person.consent(url, provider);
  return async () => new URL((await person.get(callback)).location);
}

async function finish(consent: Consent | undefined): Promise<Pick<Done, 'outcome' | 'serviceId'>> {
  if (!consent) return { outcome: 'nothing' };
  const journey = journeys.get(consent.url) ?? travel(consent.url);
  journeys.set(consent.url, journey);
  const { searchParams } = await (await journey)();
  const serviceId = searchParams.get('serviceId') ?? undefined;
  return { outcome: searchParams.get('error') ?? 'ok', serviceId };
}

async function perform(model: Model, batch: Command[]): Promise<Done[]> {
  const actions = batch.map(command => actionOf(model, command));
  const prints = actions.map(action => footprintOf(model, action));
  const alone = prints.map(({ reads, writes }, at) =>
    prints.every(
      (other, n) =>
        n === at ||
        (!other.writes.some(id => reads.includes(id) || writes.includes(id)) &&
          !other.reads.some(id => writes.includes(id))),
    ),
  );
  return Promise.all(
    actions.map(async (action, at): Promise<Done> => {
      const known = {
        action,
        alone: alone[at] === true,
        expected: alone[at] ? outcomeOf(model, action) : undefined,
      };
      if (action.command.kind === 'finish') return { ...known, ...(await finish(action.consent)) };
      const [name, input] = requestOf(action);
      const answer = await app.call(name, input);
      return { ...known, name, answer, outcome: answer.error ?? 'ok' };
    }),
  );
}

const KNOWN = /^(ok|nothing|ConflictException|ResourceNotFoundException|conflict|registration_refused)$/;

function expectOutcomes(done: Done[], table: Item[]): void {
  const events = table.flatMap(({ record }) => (typeof record === 'string' ? [JSON.parse(record)] : []));
  for (const { action, outcome, expected, name, answer } of done) {
    const what = JSON.stringify({ ...action, body: answer?.body });
    expect(outcome, what).toMatch(KNOWN);
    if (expected !== undefined) expect(outcome, what).toBe(expected);
    // A credential that is being swapped fails nobody.
    if (answer?.body.report) expect(answer.body.report, what).toMatchObject({ valid: true });
    if (!answer) continue;
    const own = events.filter(({ requestID }) => requestID === answer.headers['x-amzn-requestid']);
    expect(own, what).toMatchObject([{ eventName: name }]);
    expect(own[0].errorCode, what).toBe(answer.error);
  }
}

function titleOf({ action: { command, consent }, outcome }: Done): string {
  return command.kind === 'finish' ? `finish ${consent?.kind} ${outcome}` : `${command.kind} ${outcome}`;
}

/** What the batch changed: ids follow from the successes, versions are read. */
function follow(model: Model, done: Done[], state: State): void {
  for (const { action, outcome, answer, alone, serviceId } of done) {
    const { command, consent, service } = action;
    const url = answer?.body.additionalStep?.oauth.authorizationUrl;
    if (command.kind === 'finish' && consent) {
      expect(consent.outcome ?? outcome).toBe(outcome);
      consent.outcome = outcome;
      if (outcome === 'ok' && consent.kind === 'registration') {
        expect(serviceId).toBeDefined();
        model.services.set(String(serviceId), { name: consent.name, version: 0 });
      }
    }
    if (url) {
      const kind = command.kind === 'register' ? ('registration' as const) : ('update' as const);
      const name = command.kind === 'register' ? command.name : '';
      const version = alone ? model.services.get(service)?.version : undefined;
      const requestId = String(answer?.headers['x-amzn-requestid']);
      model.consents.push({ url, requestId, kind, name, service, version });
    } else if (command.kind === 'register' && outcome === 'ok') {
      model.services.set(answer?.body.serviceId, { name: command.name, version: 0 });
    }
    if (command.kind === 'deregister' && outcome === 'ok') model.gone.push(service);
  }
  for (const id of model.gone) model.services.delete(id);
  expect([...state.services.keys()].sort()).toEqual([...model.services.keys()].sort());
  for (const [id, service] of model.services) service.version = state.services.get(id)?.version ?? 0;
}

/** A consent that has ended has one event that names the request which began it; one under way has none. */
function expectConsentEvents(model: Model, table: Item[]): void {
  const ends = table.flatMap(({ record }) => {
    const event = typeof record === 'string' ? JSON.parse(record) : undefined;
    const { consent } = event?.additionalEventData ?? {};
    return consent ? [`${consent.requestID} ${event.errorCode ?? 'ok'}`] : [];
  });
  const CODES: Record<string, string> = {
    conflict: 'ConflictException',
    registration_refused: 'ResourceNotFoundException',
  };
  const told = model.consents.flatMap(({ requestId, outcome }) =>
    outcome === undefined ? [] : [`${requestId} ${CODES[outcome] ?? outcome}`],
  );
  expect(ends.sort()).toEqual(told.sort());
}

/** An hour later the provider knows the clients that services use, and no others. */
async function expectClients(state: State): Promise<void> {
  const deps = { ...consentDeps(), config: app.deps.config };
  await removeAbandonedClients({ ...deps, now: () => Date.now() + ABANDONED_MS + 1 });
  const found = await Promise.all([...registered].map(id => provider.provider.Client.find(id)));
  const inUse = new Set([...state.services.values()].flatMap(({ oauthClient }) => oauthClient ?? []));
  expect(found.filter(client => client !== undefined)).toHaveLength(inUse.size);
  const left = await scan(app);
  const kept = left.filter(({ pk, sk }) => pk.includes('#OAC#') && sk.startsWith('C#'));
  expect(kept).toHaveLength(inUse.size);
}

/** What another table knew is of no interest any more. */
async function newTable(): Promise<void> {
  registered.clear();
  const tableName = `credentials-${crypto.randomUUID()}`;
  await ensureTable(app.engine.client, tableName);
  Object.assign(app.deps.config, { tableName });
  Object.assign(app.engine, { tableName });
}

it(
  `keeps every rule of credentials over ${COMMANDS} commands, one to five at once`,
  async () => {
    let commands = 0;
    let predicted = 0;
    const outcomes = new Set<string>();
    const property = fc.asyncProperty(batches, async sequence => {
      await newTable();
      const model = emptyModel();
      let state = stateOf([]);
      for (const batch of sequence) {
        const done = await perform(model, batch);
        const table = await scan(app);
        state = stateOf(table);
        expectOutcomes(done, table);
        expectSound(state);
        follow(model, done, state);
        expectConsentEvents(model, table);
        commands += batch.length;
        predicted += done.filter(({ expected }) => expected !== undefined).length;
        for (const one of done) outcomes.add(titleOf(one));
      }
      await expectClients(state);
    });
    await assertUntilReached(
      { property, commands: () => commands, outcomes },
      { commands: COMMANDS, toReach: TO_REACH, numRuns: 3, roundMs: 120_000 },
    );
    expect(predicted).toBeGreaterThan(COMMANDS / 4);
  },
  SECONDS_IN_ALL * 1_000,
);

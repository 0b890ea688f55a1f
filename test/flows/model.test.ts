import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ensureTable } from '../../local/engine/ensureTable.ts';
import { type Item, KEY, scan, startWorld } from '../operations/support.ts';
import type { Answer } from '../support/app.ts';
import { assertUntilReached } from '../support/untilReached.ts';
import { batches, type Command } from './modelCommands.ts';
import {
  type Action,
  actionOf,
  emptyModel,
  footprintOf,
  inputOf,
  type Model,
  outcomesOf,
  TOOL_QUOTA,
} from './modelWorld.ts';
import { expectSound, type State, stateOf } from './state.ts';

const COMMANDS = 2_000;
/** The commands meet: each kind has succeeded and has been refused for each of its reasons. */
const TO_REACH = [
  'RegisterService ok',
  'RegisterService ConflictException',
  'DeregisterService ok',
  'DeregisterService ConflictException',
  'DeregisterService ResourceNotFoundException',
  'AssociateService ok',
  'AssociateService ConflictException',
  'AssociateService ResourceNotFoundException',
  'AssociateService ServiceQuotaExceededException',
  'UpdateAssociation ok',
  'DisassociateService ok',
  'DeleteAgentSpace ok',
];
const world = startWorld({
  QUOTA_TOOLS_PER_SPACE: String(TOOL_QUOTA),
  QUOTA_SERVICES: '1000',
  QUOTA_SPACES: '1000',
});

interface Done {
  action: Action;
  name: string;
  answer: Answer;
  outcome: string;
  /** What it may be, where nothing else in the batch touches the same things. */
  expected: string[] | undefined;
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
  const expected = actions.map((action, at) => (alone[at] ? outcomesOf(model, action) : undefined));
  return Promise.all(
    actions.map(async (action, at): Promise<Done> => {
      const [name, input] = inputOf(action, world.peer.url, KEY);
      const answer = await world.app.call(name, input);
      return { action, name, answer, outcome: answer.error ?? 'ok', expected: expected[at] };
    }),
  );
}

const KNOWN = /^(ok|ConflictException|ResourceNotFoundException|ServiceQuotaExceededException)$/;

/** Each outcome is one that the rules allow, and each call left the one event that tells of it. */
function expectOutcomes(done: Done[], table: Item[]): void {
  const events = new Map<string, { eventName: string; errorCode?: string }[]>();
  for (const { record } of table) {
    if (typeof record !== 'string') continue;
    const event = JSON.parse(record);
    events.set(event.requestID, [...(events.get(event.requestID) ?? []), event]);
  }
  for (const { action, name, answer, outcome, expected } of done) {
    const what = JSON.stringify({ ...action, message: answer.body?.message });
    expect(outcome, what).toMatch(KNOWN);
    if (expected) expect(expected, what).toContain(outcome);
    const [event, ...more] = events.get(String(answer.headers['x-amzn-requestid'])) ?? [];
    expect(more, what).toEqual([]);
    expect({ name: event?.eventName, outcome: event?.errorCode ?? 'ok' }, what).toEqual({ name, outcome });
  }
}

/** Ids live once, so their set follows from the successes, in whatever order they came. */
function follow(model: Model, done: Done[], state: State): void {
  const before = new Map([...model.spaces].map(([id, space]) => [id, new Map(space.associations)]));
  for (const { action, answer, outcome } of done) {
    if (outcome !== 'ok') continue;
    const { command, space, service } = action;
    if (command.kind === 'register') model.services.set(answer.body.serviceId, command.name);
    if (command.kind === 'create')
      model.spaces.set(answer.body.agentSpace.agentSpaceId, { associations: new Map() });
    if (command.kind === 'deregister' && model.services.delete(service)) model.gone.services.push(service);
    if (command.kind === 'delete' && model.spaces.delete(space)) model.gone.spaces.push(space);
  }
  expect([...state.services.keys()].sort()).toEqual([...model.services.keys()].sort());
  expect([...state.spaces.keys()].sort()).toEqual([...model.spaces.keys()].sort());
  for (const [id, { associations }] of model.spaces) {
    associations.clear();
    for (const item of state.associations) {
      if (item.agentSpaceId === id)
        associations.set(item.serviceId, item.configuration.mcpserver?.tools ?? []);
    }
    expectPlausible(id, before.get(id) ?? new Map(), associations, done);
  }
}

/** Each association is what one of the successful changes made it, or what it was when there was none. */
function expectPlausible(
  space: string,
  before: Map<string, string[]>,
  after: Map<string, string[]>,
  done: Done[],
): void {
  for (const service of new Set([
    ...before.keys(),
    ...after.keys(),
    ...done.map(({ action }) => action.service),
  ])) {
    const about = done.filter(
      ({ action, outcome }) => outcome === 'ok' && action.space === space && action.service === service,
    );
    const puts = about.flatMap(({ action: { command } }) => ('tools' in command ? [command.tools] : []));
    const removed = about.some(({ action }) => action.command.kind === 'disassociate');
    const possible = [
      ...puts,
      ...(puts.length === 0 && !removed ? [before.get(service)] : []),
      ...(removed ? [undefined] : []),
    ];
    expect(possible, `${service} in ${space}`).toContainEqual(after.get(service));
  }
}

/** A table for each run: reading all of it stays quick, and a failure is found again from an empty one. */
async function newTable(): Promise<void> {
  const { deps, engine } = world.app;
  const tableName = `model-${crypto.randomUUID()}`;
  await ensureTable(engine.client, tableName);
  Object.assign(deps.config, { tableName });
  Object.assign(engine, { tableName });
}

it(`keeps every rule over ${COMMANDS} commands, one to eight at once`, async () => {
  let commands = 0;
  const outcomes = new Set<string>();
  const predicted = { yes: 0, no: 0 };
  const property = fc.asyncProperty(batches, async sequence => {
    await newTable();
    const model = emptyModel();
    for (const batch of sequence) {
      const done = await perform(model, batch);
      const table = await scan(world.app);
      const state = stateOf(table);
      expectOutcomes(done, table);
      expectSound(state);
      follow(model, done, state);
      commands += batch.length;
      for (const { name, outcome, expected } of done) {
        outcomes.add(`${name} ${outcome}`);
        predicted[expected ? 'yes' : 'no']++;
      }
    }
  });
  await assertUntilReached(
    { property, commands: () => commands, outcomes },
    { commands: COMMANDS, toReach: TO_REACH, numRuns: 5, roundMs: 250_000 },
  );
  expect(predicted.yes).toBeGreaterThan(COMMANDS / 10);
}, 600_000);

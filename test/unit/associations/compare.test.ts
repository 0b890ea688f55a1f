import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Comparison, compareTools } from '../../../lib/associations/compare.ts';
import { isOfPinned, type WithheldTool } from '../../../lib/associations/withheld.ts';
import type { CatalogueTool } from '../../../lib/services/catalogue.ts';
import { catalogueOf } from '../../../lib/services/catalogue.ts';

const SERVER = 'srv';
/** Some cannot be shown: 61 characters do not fit behind `srv_`, and a dot is no character of a name. */
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'x'.repeat(61), 'no.name'];

const offering = (tools: Record<string, number>): CatalogueTool[] =>
  catalogueOf(
    Object.entries(tools).map(([name, edition]) => ({ name, description: `Edition ${edition}.` })),
    [],
    0,
  ).tools;

const nameOf = ({ definition }: CatalogueTool) => definition.name;

/** An association as the comparison sees and changes it. */
interface World {
  all: boolean;
  pinned: CatalogueTool[];
  withheld: WithheldTool[];
}

function compare({ all, pinned, withheld }: World, offered: CatalogueTool[], room: number): Comparison {
  const tools = all ? ['*'] : pinned.map(nameOf);
  const association = { configuration: { mcpserver: { tools } }, serverName: SERVER, withheld };
  return compareTools(association, pinned, offered, room);
}

function keep(world: World, { added, withheld }: Comparison): World {
  return { ...world, pinned: [...world.pinned, ...added], withheld };
}

const given = fc.dictionary(fc.constantFrom(...NAMES), fc.nat({ max: 2 }), { noNullPrototype: true });
const history = fc.record({
  all: fc.boolean(),
  first: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat({ max: 2 }), { noNullPrototype: true }),
  steps: fc.array(fc.record({ offered: given, room: fc.nat({ max: 4 }) }), { maxLength: 12 }),
});

const startOf = ({ all, first }: { all: boolean; first: Record<string, number> }): World => ({
  all,
  pinned: offering(first),
  withheld: [],
});

describe('over any history', () => {
  it('agents get nothing but what is offered exactly as it was confirmed', () => {
    fc.assert(
      fc.property(history, input => {
        let world = startOf(input);
        for (const { offered, room } of input.steps) {
          const live = new Map(offering(offered).map(tool => [nameOf(tool), tool.fingerprint]));
          const compared = compare(world, offering(offered), room);
          world = keep(world, compared);
          const withheld = new Map(
            compared.withheld.filter(isOfPinned).map(tool => [tool.name, tool.reason]),
          );
          for (const tool of world.pinned) {
            const name = nameOf(tool);
            const expected = !live.has(name)
              ? 'REMOVED'
              : live.get(name) === tool.fingerprint
                ? undefined
                : 'CHANGED';
            expect(withheld.get(name)).toBe(expected);
          }
          const isChanged = [...withheld.values()].includes('CHANGED');
          expect(compared.status).toBe(isChanged ? 'pending-confirmation' : 'valid');
        }
      }),
    );
  });

  it('has no news the second time, whatever room there is then', () => {
    fc.assert(
      fc.property(history, input => {
        let world = startOf(input);
        for (const { offered, room } of input.steps) {
          const compared = compare(world, offering(offered), room);
          world = keep(world, compared);
          expect(compare(world, offering(offered), room - compared.added.length)).toEqual({
            ...compared,
            added: [],
            changed: [],
            removed: [],
            restored: [],
          });
        }
      }),
    );
  });

  it('tells each change, departure and return of a pinned tool once', () => {
    fc.assert(
      fc.property(history, input => {
        let world = startOf(input);
        let before = new Map(world.pinned.map(tool => [nameOf(tool), tool.fingerprint]));
        for (const { offered, room } of input.steps) {
          const live = new Map(offering(offered).map(tool => [nameOf(tool), tool.fingerprint]));
          const compared = compare(world, offering(offered), room);
          const told = {
            changed: compared.changed.map(({ pinned }) => nameOf(pinned)),
            removed: compared.removed.map(nameOf),
            restored: compared.restored.map(nameOf),
          };
          const moved = world.pinned.filter(tool => before.get(nameOf(tool)) !== live.get(nameOf(tool)));
          const isSame = (tool: CatalogueTool) => live.get(nameOf(tool)) === tool.fingerprint;
          expect(told).toEqual({
            changed: moved.filter(tool => live.has(nameOf(tool)) && !isSame(tool)).map(nameOf),
            removed: moved.filter(tool => !live.has(nameOf(tool))).map(nameOf),
            restored: moved.filter(isSame).map(nameOf),
          });
          world = keep(world, compared);
          before = live;
        }
      }),
    );
  });

  it('pins what * meets first, as far as there is room, and never anything else', () => {
    fc.assert(
      fc.property(history, input => {
        let world = startOf(input);
        for (const { offered, room } of input.steps) {
          const known = new Set(world.pinned.map(nameOf));
          const fresh = offering(offered).filter(tool => !known.has(nameOf(tool)));
          const fitting = fresh.filter(tool => /^[a-z]{1,60}$/.test(nameOf(tool)));
          const { added, withheld } = compare(world, offering(offered), room);
          expect(added).toEqual(world.all ? fitting.slice(0, room) : []);
          const others = withheld.filter(tool => !isOfPinned(tool));
          expect(others).toHaveLength(world.all ? fresh.length - added.length : 0);
          world = keep(world, { added, withheld } as Comparison);
        }
      }),
    );
  });
});

describe('what is withheld', () => {
  const many = (count: number, edition: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`tool_${n}`, edition]));

  it('has every pinned tool, first, and at most 100 of the others', () => {
    const world: World = { all: true, pinned: offering(many(300, 1)), withheld: [] };
    const offered = offering({ ...many(200, 2), ...many(0, 0), ...others(150) });
    const { withheld } = compare(world, offered, 0);
    expect(withheld).toHaveLength(400);
    expect(withheld.slice(0, 300).every(isOfPinned)).toBe(true);
    expect(withheld.slice(300).every(({ reason }) => reason === 'QUOTA')).toBe(true);
  });

  const others = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`other_${n}`, 1]));

  it('has no more than 2,000 pinned tools, whatever names a server makes up', () => {
    const world: World = { all: true, pinned: offering(many(1_950, 1)), withheld: [] };
    const { added, withheld } = compare(world, offering(others(100)), 10_000);
    expect(added).toHaveLength(50);
    expect(withheld.filter(({ reason }) => reason === 'QUOTA')).toHaveLength(50);
  });

  it('names each reason', () => {
    const world: World = { all: true, pinned: offering({ a: 1, b: 1, c: 1 }), withheld: [] };
    const offered = offering({ a: 1, b: 2, d: 1, e: 1, ['x'.repeat(61)]: 1, 'b.\u200b': 1 });
    const { withheld, added } = compare(world, offered, 1);
    expect(added.map(nameOf)).toEqual(['d']);
    expect(withheld).toEqual([
      { name: 'b', reason: 'CHANGED', offered: offering({ b: 2 })[0]?.fingerprint.slice(0, 16) },
      { name: 'c', reason: 'REMOVED' },
      { name: 'b.\\u{200b}', reason: 'NAME_UNSUPPORTED' },
      { name: 'e', reason: 'QUOTA' },
      { name: 'x'.repeat(61), reason: 'NAME_TOO_LONG' },
    ]);
  });
});

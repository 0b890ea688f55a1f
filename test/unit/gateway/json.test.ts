import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, parseKeepingNumbers } from '../../../lib/gateway/json.ts';

const MB = 1024 * 1024;
/** As it is written again. */
const again = (text: string) => JSON.stringify(parseKeepingNumbers(text));

describe('numbers', () => {
  it.each([
    '12345678901234567890',
    '-12345678901234567890.125',
    '0.1234567890123456789',
    '1e400',
    '1E-400',
    '2.50e300',
    '{"a":12345678901234567890,"12345678901234567890":[1e999,{"b":-1e999}]}',
    '{"__proto__":12345678901234567890}',
    '["12345678901234567890","1e999",12345678901234567890]',
    '["\\\\",12345678901234567890,"\\\\\\"12345678901234567890",1e999]',
    '[true,false,null,1e999,true]',
  ])('keep their digits: %s', text => {
    expect(again(text)).toBe(text);
    const read = parseJson(text);
    expect('value' in read && JSON.stringify(read.value)).toBe(text);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  it('that a double holds are numbers', () => {
    expect(
      parseKeepingNumbers('[1e5,100000.0,9007199254740991,1e-7,-0.5,12345678901234567890]'),
    ).toMatchObject([100_000, 100_000, Number.MAX_SAFE_INTEGER, 1e-7, -0.5, expect.anything()]);
  });

  it('are found whatever else there is', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 3 }), (json, spaces) => {
        const text = JSON.stringify([JSON.parse(json)], null, spaces);
        const long = `${text.slice(0, -1)},12345678901234567890]`;
        expect(again(long)).toBe(`${JSON.stringify(JSON.parse(text)).slice(0, -1)},12345678901234567890]`);
        expect(parseJson(text)).toEqual({ value: JSON.parse(text) });
      }),
    );
  });
});

describe('large texts', () => {
  it('with strings of megabytes are read', () => {
    const image = 'iVBORw0KGgo1e9:"\\'.repeat((12 * MB) / 17);
    expect(parseKeepingNumbers(JSON.stringify({ image, n: 1 }))).toEqual({ image, n: 1 });
    expect(parseJson(JSON.stringify({ image, n: 1 }))).toEqual({ value: { image, n: 1 } });
  });

  it('of many members take no longer for one long number', () => {
    const members = Array.from({ length: 1_000_000 }, () => '{"a:":1}').join();
    const began = performance.now();
    parseKeepingNumbers(`[${members},1e999]`);
    parseJson(`[${members},1e999]`);
    // With a reviver they take ten seconds.
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});

describe('a member named twice', () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":{"b":1},"a":2}',
    '[{"a":":","a":1}]',
    '{"\\"":1,"\\u0022":2}',
    '{"a":1e9,"a":1}',
  ])('is found in %s', text => {
    expect(parseJson(text)).toMatchObject({ problem: expect.stringContaining('twice') });
  });

  it.each(['{"a":":","b":"\\":"}', '{"a\\\\":1,"b":":"}', '{"a":{"a":1},"A":[{"a":":"}]}', '":"', '[]'])(
    'is not in %s',
    text => {
      expect(parseJson(text)).toEqual({ value: JSON.parse(text) });
    },
  );
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { operations } from '../../../lib/api/operations.ts';
import { HIDDEN } from '../../../lib/audit/marks.ts';
import { redact } from '../../../lib/audit/redact.ts';
import { mintAccessToken } from '../../../lib/identity/accessTokenText.ts';

const secret = z.string().meta({ 'x-sensitive': true });
const shown = (schema: z.ZodType, value: unknown) => redact(schema, value).shown;

describe('redact', () => {
  it('hides the credential of a registration and shows the rest, the endpoint URL in full', () => {
    const endpoint = `https://mcp.example.com/${'path/'.repeat(300)}?team=blue`;
    const input = {
      service: 'mcpserver',
      serviceDetails: {
        mcpserver: {
          name: 'tickets',
          endpoint,
          description: 'where the tickets are',
          authorizationConfig: {
            apiKey: { apiKeyName: 'main', apiKeyValue: 'sk-1', apiKeyHeader: 'X-Key', apiKeyPrefix: 'Key' },
          },
        },
      },
      tags: { team: 'blue' },
    };
    expect(shown(operations.RegisterService.input, input)).toEqual({
      service: 'mcpserver',
      serviceDetails: {
        mcpserver: {
          name: 'tickets',
          endpoint,
          description: HIDDEN,
          authorizationConfig: {
            apiKey: { apiKeyName: 'main', apiKeyValue: HIDDEN, apiKeyHeader: 'X-Key', apiKeyPrefix: 'Key' },
          },
        },
      },
      tags: { team: 'blue' },
    });
  });

  it('hides an access token in the middle of any text', () => {
    const { text, secret: own } = mintAccessToken('111122223333', '0'.repeat(32));
    const input = { name: `ours: ${text}.`, tags: { team: `${text}${text}`, other: 'swbt_1' } };
    const { shown: record, withheld } = redact(operations.CreateAgentSpace.input, input);
    expect(record).toEqual({
      name: `ours: ${HIDDEN}.`,
      tags: { team: `${HIDDEN}${HIDDEN}`, other: 'swbt_1' },
    });
    expect(withheld).toContain(text);
    expect(JSON.stringify(record)).not.toContain(own);
  });

  it('hides every other kind of credential', () => {
    const details = (authorizationConfig: object) => ({
      serviceDetails: { mcpserver: { authorizationConfig } },
    });
    expect(
      shown(
        operations.RegisterService.input,
        details({
          bearerToken: { tokenName: 't', tokenValue: 's' },
          oAuthClientCredentials: { clientId: 's', clientSecret: 's', exchangeParameters: { audience: 's' } },
          oAuth3LO: { clientId: 's', clientSecret: 's', exchangeParameters: { audience: 's' } },
        }),
      ),
    ).toEqual(
      details({
        bearerToken: { tokenName: 't', tokenValue: HIDDEN },
        oAuthClientCredentials: {
          clientId: HIDDEN,
          clientSecret: HIDDEN,
          exchangeParameters: { audience: HIDDEN },
        },
        oAuth3LO: { clientId: HIDDEN, clientSecret: HIDDEN, exchangeParameters: { audience: HIDDEN } },
      }),
    );
    const sigv4 = (customHeaders: object) => ({
      serviceDetails: { mcpserversigv4: { authorizationConfig: { customHeaders } } },
    });
    expect(shown(operations.RegisterService.input, sigv4({ 'X-Api-Key': 's' }))).toEqual(
      sigv4({ 'X-Api-Key': HIDDEN }),
    );
  });

  it.each([
    ['the member', secret],
    ['an optional', secret.optional()],
    ['a nullable with a default', secret.nullable().default('d')],
    ['a refinement', secret.refine(text => text.length > 0)],
    ['a further check', secret.max(5)],
    ['a pipe', secret.transform(Number).pipe(z.number())],
    ['the end of a pipe', z.string().pipe(secret)],
    ['a wrapper', z.string().optional().meta({ 'x-sensitive': true })],
    ['an option of a union', z.union([z.number(), z.string(), secret])],
    ['a lazy schema', z.lazy(() => secret)],
    ['an object', z.object({ a: z.string() }).meta({ 'x-sensitive': true })],
  ])('sees the mark on %s', (_, schema) => {
    expect(shown(z.object({ member: schema }), { member: 'hush' })).toEqual({ member: HIDDEN });
    expect(shown(z.array(schema), ['hush'])).toEqual([HIDDEN]);
    expect(shown(z.record(z.string(), schema), { a: 'hush' })).toEqual({ a: HIDDEN });
  });

  it('hides a sensitive member of whatever type', () => {
    const schema = z.object({ key: secret });
    for (const key of ['hush', 1, true, ['hush'], { deep: 'hush' }]) {
      expect(shown(schema, { key })).toEqual({ key: HIDDEN });
    }
  });

  it('drops members that the schema does not know, their names too', () => {
    const schema = z.looseObject({ name: z.string() });
    expect(shown(schema, { name: 'n', nmae: 'hush', hush: { deep: 'hush' } })).toEqual({
      name: 'n',
      '…': '2 unknown, not recorded',
    });
    expect(shown(z.object({ a: z.string() }), JSON.parse('{"__proto__": {"a": "hush"}}'))).toEqual({
      '…': '1 unknown, not recorded',
    });
    expect(shown(z.object({ a: z.string() }), { constructor: 'hush', toString: 'hush' })).toEqual({
      '…': '2 unknown, not recorded',
    });
  });

  it('names the type of a value that its member does not take', () => {
    const schema = z.object({
      name: z.string().regex(/^[a-z]+$/),
      kind: z.enum(['a', 'b']),
      on: z.boolean(),
      coerced: z.coerce.boolean(),
      page: z.coerce.number().max(100),
      list: z.array(z.string()),
      any: z.unknown(),
      union: z.union([z.number(), z.iso.datetime()]),
    });
    expect(
      shown(schema, {
        name: 'Hu sh',
        kind: 'hush',
        on: 'hush',
        coerced: 'hush',
        page: 'hush',
        list: 'hush',
        any: { a: 'hush' },
        union: 'hush',
      }),
    ).toEqual({
      name: '<string, not recorded>',
      kind: '<string, not recorded>',
      on: '<string, not recorded>',
      coerced: '<string, not recorded>',
      page: '<string, not recorded>',
      list: '<string, not recorded>',
      any: '<object, not recorded>',
      union: '<string, not recorded>',
    });
    expect(shown(z.object({ a: z.object({}) }), { a: ['hush'] })).toEqual({ a: '<list, not recorded>' });
    expect(shown(schema, 'hush')).toBe('<string, not recorded>');
  });

  it('takes names of a record only as its key schema does', () => {
    const preferences = z.partialRecord(z.enum(['on']), z.boolean());
    expect(shown(preferences, { on: true, hush: true })).toEqual({
      on: true,
      '…': '1 unknown, not recorded',
    });
  });

  it('lets a union show what each option that takes the value shows', () => {
    const schema = z.union([
      z.object({ a: z.string(), b: z.string() }),
      z.object({ a: z.string(), b: secret }),
      z.object({ c: z.string() }),
    ]);
    expect(shown(schema, { a: 'x', b: 'hush', c: 'hush' })).not.toContain('hush');
    expect(JSON.stringify(shown(schema, { a: 'x', b: 'hush' }))).not.toContain('hush');
  });

  it('works on input as parsed', () => {
    const raw = { StartTime: '2026-11-01T00:00:00Z', MaxResults: 5 };
    const parsed = operations.LookupEvents.input.parse(raw);
    expect(shown(operations.LookupEvents.input, raw)).toEqual(raw);
    expect(shown(operations.LookupEvents.input, parsed)).toEqual({
      StartTime: Date.parse('2026-11-01T00:00:00Z'),
      MaxResults: 5,
    });
    expect(shown(operations.ListServices.input, { maxResults: '10' })).toEqual({ maxResults: '10' });
  });

  it('bounds strings without breaking characters', () => {
    const text = shown(z.string(), `a${'😀'.repeat(5000)}`) as string;
    expect(text.length).toBe(2049);
    expect(text.endsWith('…')).toBe(true);
    expect(text.isWellFormed()).toBe(true);
  });

  it('tells what it withheld, names and strings', () => {
    const { withheld } = redact(z.object({ key: secret, on: z.boolean() }), {
      key: 'one',
      on: ['two'],
      three: { four: 'five' },
    });
    expect(withheld.sort()).toEqual(['five', 'four', 'one', 'three', 'two']);
  });
});

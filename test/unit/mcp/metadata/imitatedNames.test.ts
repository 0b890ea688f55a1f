import { describe, expect, it } from 'vitest';
import { glanceOf, imitationWarnings, twinWarnings } from '../../../../lib/mcp/metadata/imitatedNames.ts';

const show = (text: string) => text;

describe('glanceOf', () => {
  it.each([
    [
      'get_time',
      ['get-time', 'getTime', 'GetTime', 'GET_TIME', 'get time', 'gettime', 'ɡet_time', 'get_tıme'],
    ],
    ['list_all', ['1ist_a11', 'Iist_aII', 'llst_all']],
    ['port_in', ['p0rt_in', 'PORT_IN', 'pоrt_in', 'p0rt_ln']],
    ['return_turn', ['retum_tum', 'return_tum']],
    ['view', ['vievv', 'VIEW']],
  ])('of %s is that of its look-alikes', (name, alikes) => {
    for (const alike of alikes) expect([alike, glanceOf(alike)]).toEqual([alike, glanceOf(name)]);
  });

  it.each([
    ['get_time', 'get_timer'],
    ['read_file', 'read_files'],
    ['v1_1', 'v11'],
    ['tool_5', 'tools'],
    ['s3_get', 'se_get'],
    ['tool_12', 'tool_21'],
    ['create_issue', 'create_issues'],
    ['get_user', 'set_user'],
  ])('tells %s from %s', (one, other) => {
    expect(glanceOf(one)).not.toBe(glanceOf(other));
  });

  it('tells numbered tools apart', () => {
    const names = Array.from({ length: 2000 }, (_, n) => `tool_${n}`);
    expect(new Set(names.map(glanceOf)).size).toBe(2000);
  });
});

describe('twins of one server', () => {
  it('are told, each with the one that it looks like', () => {
    expect(twinWarnings(['get_time', 'echo', 'getTime', 'get-time'], show)).toEqual([
      {
        code: 'TOOL_NAME_IMITATES',
        toolName: 'getTime',
        message: expect.stringContaining('get_time of the same'),
      },
      {
        code: 'TOOL_NAME_IMITATES',
        toolName: 'get-time',
        message: expect.stringContaining('get_time of the same'),
      },
    ]);
    expect(twinWarnings(['echo', 'add'], show)).toEqual([]);
  });
});

describe('the tools of other servers', () => {
  const github = { serverName: 'github', tools: ['create_issue', 'search'] };
  const warned = (serverName: string, names: string[], others = [github]) =>
    imitationWarnings(serverName, names, others, show).map(({ toolName, message }) => [toolName, message]);

  it.each([
    ['a bare name', 'evil', 'createIssue', 'create_issue'],
    ['the name that agents see', 'evil', 'github_create_issue', 'create_issue'],
    ['that name in another spelling', 'evil', 'Github-Create-lssue', 'create_issue'],
    ['that name, together with the own server', 'git', 'hub_create_issue', 'create_issue'],
    ['that name, with a look-alike server', 'g1thub', 'Search', 'search'],
  ])('are imitated by %s', (_, server, name, imitated) => {
    expect(warned(server, [name, 'harmless'])).toEqual([
      [name, expect.stringContaining(`${imitated} of github`)],
    ]);
  });

  it('are imitated by a server that came first', () => {
    const evil = { serverName: 'evil', tools: ['github_create_issue'] };
    expect(warned('github', ['create_issue'], [evil])).toEqual([
      ['create_issue', expect.stringContaining('github_create_issue of evil')],
    ]);
  });

  it('that have the same names are told once, with the first ten', () => {
    const tools = Array.from({ length: 40 }, (_, n) => `tool_${n}`);
    const [only, ...others] = imitationWarnings('staging', tools, [{ serverName: 'prod', tools }], show);
    expect(others).toEqual([]);
    expect(only).toEqual({
      code: 'TOOL_NAME_IMITATES',
      message: expect.stringMatching(/^prod has tools of the same names \(tool_0, .*tool_9 and 30 more\)/),
    });
  });

  it('hide no look-alike behind one of the very same name', () => {
    const others = [github, { serverName: 'other', tools: ['Search'] }];
    expect(warned('third', ['search'], others)).toEqual([
      ['search', expect.stringContaining('Search of other')],
      [undefined, expect.stringContaining('github has tools of the same names (search)')],
    ]);
  });

  it('that have other names are nobody’s concern', () => {
    expect(warned('jira', ['create_ticket', 'find'])).toEqual([]);
    expect(warned('jira', ['create_issue2', 'issue'], [])).toEqual([]);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ALARMS } from '../../infra/alarms.ts';
import { loadConfig } from '../../lib/config.ts';
import { WARNING_CODES } from '../../lib/mcp/warningCodes.ts';
import { keys } from '../../lib/store/keys.ts';
import { loadHttpSettings } from '../../local/http/settings.ts';
import { ERRORS_FILE, errorsDoc } from '../../scripts/errorsDoc.ts';
import { PROJECT_ROOT } from '../support/engine.ts';
import { codeIn, readDocument, section, tableRows } from '../support/markdown.ts';

/** Of the system, not of Switchboard: where programs are found, what Lambda says of itself. */
const OF_THE_SYSTEM = new Set([
  'PATH',
  'JAVA_HOME',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
]);

const READS = [
  /\benv\??\.([A-Z][A-Z0-9_]+)/g,
  /\benvironment\(\)\.([A-Z][A-Z0-9_]+)/g,
  /\brequired\('([A-Z][A-Z0-9_]+)'/g,
  /\b(?:flag|count|text|time)\(\s*env,\s*'([A-Z][A-Z0-9_]+)'/g,
];

/** The sources below folders, by path. */
function sources(...folders: string[]): string[] {
  return folders.flatMap(folder =>
    readdirSync(join(PROJECT_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => readFileSync(join(PROJECT_ROOT, folder, name), 'utf8')),
  );
}

function variablesRead(): Set<string> {
  const texts = sources('lib', 'local', 'functions');
  const names = texts.flatMap(text =>
    READS.flatMap(read => [...text.matchAll(read)].map(([, name]) => name)),
  );
  return new Set(names.filter(name => name !== undefined && !OF_THE_SYSTEM.has(name)) as string[]);
}

describe('the configuration in README.md', () => {
  const rows = tableRows(section(readDocument('README.md'), '## Configuration'));
  const defaults = new Map(rows.map(([name = '', value = '']) => [codeIn(name), codeIn(value)]));

  it('has every variable that the code reads, and no other', () => {
    expect([...defaults.keys()].sort()).toEqual([...variablesRead()].sort());
  });

  it('has the defaults that the code has', () => {
    const config = loadConfig({});
    const http = loadHttpSettings({});
    const { quotas } = config;
    const actual = {
      PORT: http.port,
      HOST: http.host,
      AWS_REGION: config.region,
      TABLE_NAME: config.tableName,
      EVENT_SOURCE: config.eventSource,
      AUDIT_READS: config.auditReads,
      AUDIT_RETENTION_DAYS: config.auditRetentionDays,
      QUOTA_SERVICES: quotas.services,
      QUOTA_SPACES: quotas.spaces,
      QUOTA_TOOLS_PER_SPACE: quotas.toolsPerSpace,
      QUOTA_ACCESS_TOKENS_PER_SPACE: quotas.accessTokensPerSpace,
      QUOTA_VALIDATIONS_PER_MINUTE: quotas.validationsPerMinute,
    };
    for (const [name, value] of Object.entries(actual))
      expect([name, defaults.get(name)]).toEqual([name, `${value}`]);
  });
});

describe('docs/errors.md', () => {
  it('is what the code says (node scripts/errorsDoc.ts)', () => {
    expect(readDocument(ERRORS_FILE)).toBe(errorsDoc());
  });

  it('has no warning that is never given', () => {
    const text = sources('lib').join('\n');
    // Once in the list of all codes, and again where it is given.
    expect(WARNING_CODES.filter(code => text.split(`'${code}'`).length < 3)).toEqual([]);
  });
});

describe('docs/storage-schema.md', () => {
  it('has every item', () => {
    const text = readDocument('docs/storage-schema.md');
    // Those that make a mere partition key are places, not items.
    const items = Object.entries(keys).filter(([, make]) => make.toString().includes('key('));
    expect(items.length).toBeGreaterThan(15);
    expect(items.map(([name]) => name).filter(name => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('docs/operating.md', () => {
  const text = readDocument('docs/operating.md');
  const firstCells = (heading: string) =>
    tableRows(section(text, heading)).map(([cell = '']) => codeIn(cell));

  it('has every alarm', () => {
    const alarms = Object.keys(ALARMS);
    expect(firstCells('### Alarms').sort()).toEqual(alarms.sort());
  });

  it('has every parameter of serverless.yml', () => {
    // References of CloudFormation are of no concern here.
    const { params } = parse(readDocument('serverless.yml'), { logLevel: 'silent' });
    const rows = tableRows(section(text, '### Parameters'));
    expect(rows.map(([name = '']) => codeIn(name)).sort()).toEqual(Object.keys(params.default).sort());
    const shown = (value: unknown) => (value === '' ? '–' : `\`${value}\``);
    for (const [name = '', dev, prod] of rows) {
      const key = codeIn(name) ?? '';
      const own = { ...params.default, ...params.prod };
      expect([key, dev, prod]).toEqual([key, shown(params.default[key]), shown(own[key])]);
    }
  });
});

describe('the decision on dependencies', () => {
  it('gives a reason for each, and for none that is not there', () => {
    const manifest = JSON.parse(readDocument('package.json'));
    const { dependencies, devDependencies, optionalDependencies, overrides } = manifest;
    const present = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const rows = tableRows(readDocument('docs/decisions/0002-dependencies.md'));
    const told = rows.flatMap(([names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(told.sort()).toEqual(present.sort());
    const text = readDocument('docs/decisions/0002-dependencies.md');
    for (const name of Object.keys(overrides)) expect(text).toContain(`\`${name}\``);
  });
});

describe('references', () => {
  const documents = [
    ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'client/README.md'],
    ...readdirSync(join(PROJECT_ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.md'))
      .map(name => join('docs', name)),
  ];

  it.each(documents)('of %s lead to files that exist', document => {
    const text = readDocument(document);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, to = '']) =>
      join(dirname(document), to),
    );
    const named = [...text.matchAll(/`((?:test|lib|local|scripts|infra|docs|functions)\/[\w./-]*)`/g)];
    const files = [...links, ...named.map(([, file = '']) => file)];
    expect(files.filter(file => !existsSync(join(PROJECT_ROOT, file)))).toEqual([]);
  });
});

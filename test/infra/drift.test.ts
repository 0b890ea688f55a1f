import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { functionNames as deployed } from '../../infra/functions.ts';
import { functionName } from '../../lib/api/operation.ts';
import { operationList } from '../../lib/api/operations.ts';
import { browserRoutes } from '../../lib/oauth/browserRoutes.ts';
import { browserHandlers, handlers } from '../../local/handlers.ts';
import { route } from '../../local/http/router.ts';
import type { ServiceModel } from '../../scripts/awsModel/model.ts';
import { modelFiles } from '../../scripts/awsModel.ts';
import { functionNames } from '../../scripts/build.ts';
import { clientFiles } from '../../scripts/clientTypes.ts';
import { openapiYaml } from '../../scripts/openapi.ts';
import { AGENTS, SCHEDULED } from './functionKinds.ts';

const root = process.cwd();
const read = (path: string) => readFileSync(path, 'utf8');
const names = operationList.map(row => row.name).sort();
/** Functions of the routes that browsers use. */
const OPEN = [...new Set(browserRoutes.map(({ name }) => name))];

/** Operation, method and path in one line, sorted: the form in which two sides are compared. */
const routes = (rows: Iterable<readonly [name: string, method: string, path: string]>) =>
  [...rows].map(([name, method, path]) => `${name}: ${method} ${path}`).sort();
const tableRoutes = routes(operationList.map(row => [row.name, row.method, row.path] as const));

describe('the operation table', () => {
  it('names each row after its operation, and no route twice', () => {
    expect(new Set(names).size).toBe(operationList.length);
    const taken = operationList.map(row => `${row.method} ${row.path}`);
    expect(new Set(taken).size).toBe(taken.length);
  });

  it('names only members of its inputs and outputs', () => {
    for (const row of operationList) {
      const labels = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, label]) => label ?? '');
      const members = Object.keys(row.input.shape);
      expect(members, row.name).toEqual(expect.arrayContaining([...labels, ...row.query]));
      if (row.paginated) {
        expect(Object.keys(row.output.shape), row.name).toEqual(
          expect.arrayContaining([row.paginated, 'nextToken']),
        );
      }
    }
  });
});

describe('openapi.yaml', () => {
  const document = parse(read('openapi.yaml'));
  const operations = Object.entries<Record<string, Record<string, never>>>(document.paths).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation }) as const),
  );

  it('is what `npm run openapi` writes', () => {
    expect(read('openapi.yaml')).toBe(openapiYaml());
  });

  it('has the routes of the table', () => {
    const found = operations.map(
      ({ path, method, operation }) => [String(operation.operationId), method.toUpperCase(), path] as const,
    );
    expect(routes(found)).toEqual(tableRoutes);
  });

  it('puts every input member into the path, the query or the body', () => {
    for (const row of operationList) {
      const { parameters = [], requestBody } = document.paths[row.path][row.method.toLowerCase()];
      const inQuery = parameters.filter((p: { in: string }) => p.in === 'query');
      const inPath = parameters.filter((p: { in: string }) => p.in === 'path');
      const body = requestBody?.content['application/json'].schema.properties ?? {};
      const found = [...inPath, ...inQuery].map((p: { name: string }) => p.name).concat(Object.keys(body));
      expect(found.sort(), row.name).toEqual(Object.keys(row.input.shape).sort());
      expect(inQuery.map((p: { name: string }) => p.name).sort(), row.name).toEqual([...row.query].sort());
    }
  });

  it('answers with the statuses of the table', () => {
    for (const { path, method, operation } of operations) {
      const row = operationList.find(({ name }) => name === String(operation.operationId));
      const statuses = Object.keys(operation.responses ?? {});
      expect(
        statuses.filter(status => status < '300'),
        `${method} ${path}`,
      ).toEqual([String(row?.status)]);
      expect(statuses, `${method} ${path}`).toEqual(expect.arrayContaining(['400', '403', '429', '500']));
    }
  });
});

describe('aws-model', () => {
  it.each(Object.entries(modelFiles()))('%s is what `npm run aws-model` writes', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('has the routes of the table', () => {
    const path = Object.keys(modelFiles()).find(file => file.endsWith('service-2.json')) ?? '';
    const model = JSON.parse(read(path)) as ServiceModel;
    const found = Object.values(model.operations).map(
      ({ name, http }) => [name, http.method, http.requestUri] as const,
    );
    expect(routes(found)).toEqual(tableRoutes);
  });
});

describe('client', async () => {
  it.each(Object.entries(await clientFiles()))('%s is what `npm run client-types` writes', (path, text) => {
    expect(read(path)).toBe(text);
  });
});

describe('functions', () => {
  it('has one file for each operation, for browsers, and those that run on a schedule', () => {
    const expected = [...operationList.map(functionName), ...OPEN, ...AGENTS, ...SCHEDULED];
    expect(functionNames(root)).toEqual(expected.sort());
  });

  it('is what serverless.yml deploys', () => {
    expect([...deployed].sort()).toEqual(functionNames(root));
  });

  it.each(functionNames(root))('%s exports a handler', async name => {
    const module = await import(`../../functions/${name}.ts`);
    expect(typeof module.handler).toBe('function');
  });
});

describe('the embedded server', () => {
  it('runs the handler of functions/ for each operation', async () => {
    expect(Object.keys(handlers).sort()).toEqual(names);
    for (const row of operationList) {
      const module = await import(`../../functions/${functionName(row)}.ts`);
      expect(handlers[row.name as keyof typeof handlers], row.name).toBe(module.handler);
    }
  });

  it('runs the handler of functions/ for each route of browsers', async () => {
    expect(Object.keys(browserHandlers).sort()).toEqual([...OPEN].sort());
    for (const name of OPEN) {
      const module = await import(`../../functions/${name}.ts`);
      expect(browserHandlers[name], name).toBe(module.handler);
    }
  });

  it.each(operationList.map(row => [row.name, row.method, row.path] as const))(
    'routes to %s (%s %s)',
    (name, method, path) => {
      const sample = path.replaceAll('{resourceArn}', 'arn%3Aaws%3Aaidevops%3A%3A%3Aservice%2Fx');
      const found = route(method, sample.replaceAll(/\{\w+\}/g, 'x'));
      expect(found.operation.name).toBe(name);
    },
  );
});

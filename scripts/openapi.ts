/**
 * Writes openapi.yaml from the operation table (`npm run openapi`).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import * as z from 'zod';
import {
  type CreateDocumentOptions,
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { errorsOf, type Operation } from '../lib/api/operation.ts';
import { operationList } from '../lib/api/operations.ts';
import { errorResponses, sharedErrorResponses } from './openapi/errors.ts';

const OPENAPI_FILE = 'openapi.yaml';

const INFO = {
  title: 'Switchboard',
  version: '2026-01-01',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  description: [
    'Connects remote MCP servers to agent spaces. The control plane speaks the wire API of AWS DevOps Agent',
    '(devops-agent-2026-01-01, restJson1) for its MCP part and the LookupEvents API of AWS CloudTrail',
    '(awsJson1_1); operations with `x-extension: true` are beyond them. This is an independent implementation.',
  ].join('\n'),
};

const SIGV4 = {
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  'x-amazon-apigateway-authtype': 'awsSigv4',
  description: [
    'AWS Signature Version 4. The embedded server takes the service names `aidevops`, `cloudtrail` and',
    '`execute-api`; API Gateway takes `execute-api`. A request that cannot be verified is answered by',
    '`MissingAuthenticationTokenException`, `InvalidSignatureException` or `UnrecognizedClientException` (403), or',
    '`IncompleteSignatureException` (400).',
  ].join('\n'),
} as const;

/** The OpenAPI 3.1 document of a table, as YAML. The same table always gives the same text. */
export function openapiYaml(rows: readonly Operation[] = operationList): string {
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: INFO,
      servers: [{ url: 'http://127.0.0.1:4100', description: 'The embedded server as it starts by default' }],
      security: [{ sigv4: [] }],
      tags: TAGS.map(({ name, description }) => ({ name, description })),
      paths: pathsOf(rows),
      components: {
        securitySchemes: { sigv4: SIGV4 },
        responses: sharedErrorResponses(rows.map(errorsOf)),
      },
    },
    { override: tidy },
  );
  // YAML 1.1 readers would take the version for a date: quote what they misread.
  return stringify(document, { lineWidth: 110, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
}

const TAGS = [
  { name: 'Services', description: 'Registered MCP servers.', at: /^\/v1\/(register|services)/ },
  { name: 'Associations', description: 'Which tools a space may use.', at: /\/associations/ },
  { name: 'Agent spaces', description: 'Groups of agents that share tools.', at: /^\/v1\/agentspaces/ },
  { name: 'Tags', description: 'Labels of services and agent spaces.', at: /^\/tags/ },
  { name: 'Audit', description: 'Who did what, when and from where.', at: /^\/$/ },
];

function pathsOf(rows: readonly Operation[]): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const row of rows) {
    paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operationObject(row) };
  }
  return paths;
}

function operationObject(row: Operation): ZodOpenApiOperationObject {
  const inPath = (member: string) => row.path.includes(`{${member}}`);
  const inQuery = (member: string) => row.query.includes(member);
  const path = members(row.input, inPath);
  const query = members(row.input, inQuery);
  const body = members(row.input, member => !inPath(member) && !inQuery(member));
  const media =
    row.protocol === 'awsJson1_1' ? ['application/x-amz-json-1.1', 'application/json'] : ['application/json'];
  const optional = Object.values(body).every(schema => z.safeParse(schema, undefined).success);
  return {
    operationId: row.name,
    summary: row.summary,
    tags: [TAGS.find(tag => tag.at.test(row.path))?.name ?? 'Services'],
    ...(row.extension && { 'x-extension': true }),
    ...(row.protocol === 'awsJson1_1' && { parameters: [TARGET_HEADER] }),
    requestParams: {
      ...(Object.keys(path).length > 0 && { path: z.object(path) }),
      ...(Object.keys(query).length > 0 && { query: z.object(query) }),
    },
    ...(Object.keys(body).length > 0 && {
      requestBody: { required: !optional, content: contentOf(media, z.strictObject(body)) },
    }),
    responses: { ...success(row, media), ...errorResponses(errorsOf(row)) },
  };
}

/** awsJson1_1 names the operation here; plain JSON requests go without. */
const TARGET_HEADER = {
  name: 'X-Amz-Target',
  in: 'header',
  required: false,
  description: 'Sent by the CloudTrail clients (awsJson1_1).',
  schema: {
    type: 'string',
    const: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
  },
} as const;

function success(row: Operation, media: readonly string[]) {
  const headers = {
    'x-amzn-requestid': { description: 'Quote it when you ask.', schema: { type: 'string' as const } },
  };
  if (row.status === 204) return { '204': { description: 'Done.', headers } };
  const content = contentOf(media.slice(0, 1), row.output);
  return {
    [String(row.status)]: { description: row.status === 201 ? 'Created.' : 'Success.', headers, content },
  };
}

function contentOf(media: readonly string[], schema: z.ZodObject) {
  return Object.fromEntries(media.map(type => [type, { schema }]));
}

function members(input: z.ZodObject, take: (member: string) => boolean): z.ZodRawShape {
  return Object.fromEntries(Object.entries(input.shape).filter(([member]) => take(member)));
}

/**
 * Drops what misleads: a `type` beside the union that says more, zod's own pattern of a date-time, and the bounds of
 * a safe integer.
 */
const tidy: NonNullable<CreateDocumentOptions['override']> = ({ jsonSchema }) => {
  if (jsonSchema.anyOf && jsonSchema.type) delete jsonSchema.type;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.type === 'integer') {
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  }
};

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, '..', OPENAPI_FILE), openapiYaml());
  console.log(`wrote ${OPENAPI_FILE}`);
}

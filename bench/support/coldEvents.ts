import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionName } from '../../lib/api/operation.ts';
import { operationList } from '../../lib/api/operations.ts';
import { PROJECT_ROOT } from './privateBuild.ts';

const ACCOUNT = '111122223333';
const ID = '01890000-0000-7000-8000-000000000000';

/** The first event of a function: a call by somebody whom IAM proved, of something that is not there. */
export function coldEvent(name: string): object {
  const operation = operationList.find(one => functionName(one) === name);
  if (operation) return apiEvent(operation);
  if (name.startsWith('mcpGateway')) return captured(name === 'mcpGateway' ? 'open' : 'iam', 'functionUrl');
  if (name === 'exportAuditEvents') return { Records: [] };
  if (name.startsWith('oauth') || name === 'clientMetadata') return apiEvent({ method: 'GET', path: '/' });
  return captured('schedule', 'lambda');
}

function captured(name: string, folder: string): object {
  return JSON.parse(readFileSync(join(PROJECT_ROOT, 'test', 'fixtures', folder, `${name}.json`), 'utf8'));
}

function apiEvent({ method, path }: { method: string; path: string }): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const place = (name: string) => (name === 'serviceId' ? `mcpserver-${ID}` : ID);
  return {
    httpMethod: method,
    path,
    headers: { 'content-type': 'application/json' },
    pathParameters: Object.fromEntries(names.map(name => [name, place(name)])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    body: method === 'GET' || method === 'DELETE' ? null : '{}',
    isBase64Encoded: false,
    requestContext: {
      requestId: crypto.randomUUID(),
      identity: {
        accountId: ACCOUNT,
        userArn: `arn:aws:iam::${ACCOUNT}:user/bench`,
        caller: 'AIDAEXAMPLE',
        accessKey: 'AKIDEXAMPLE',
        sourceIp: '198.51.100.7',
        userAgent: 'bench',
      },
    },
  };
}

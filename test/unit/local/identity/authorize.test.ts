import { describe, expect, it } from 'vitest';
import { operationList } from '../../../../lib/api/operations.ts';
import { ROLES } from '../../../../local/identity/accessKey.ts';
import { allows, denial } from '../../../../local/identity/authorize.ts';

// Written out by hand: a row whose access is mistaken must show here.
const READS = [
  'GetService',
  'GetValidation',
  'ListServices',
  'ListServiceTools',
  'ListServiceAssociations',
  'BatchGetAssociationCounts',
  'GetAgentSpace',
  'ListAgentSpaces',
  'GetAssociation',
  'ListAssociationTools',
  'ListAssociations',
  'ListAccessTokens',
  'ListInvocations',
  'ListInvocationCounts',
  'ListTagsForResource',
  'LookupEvents',
];

describe.each(ROLES)('%s', role => {
  it.each(operationList.map(operation => [operation.name, operation] as const))('%s', (name, operation) => {
    expect(allows(role, operation)).toBe(role !== 'auditor' || READS.includes(name));
  });
});

it('knows every read by its name', () => {
  const reads = operationList
    .filter(({ name }) => /^(BatchGet|Get|List|Lookup)/.test(name))
    .map(({ name }) => name);
  expect(reads.toSorted()).toEqual(READS.toSorted());
});

describe('a denial', () => {
  const auditor = { role: 'auditor', accountId: '000000000000', userName: 'ann' } as const;
  const update = { name: 'UpdateService', access: 'write' } as const;

  it('is worded like an identity policy’s', () => {
    expect(denial(auditor, update)?.failure).toEqual({
      code: 'AccessDeniedException',
      message:
        'User: arn:aws:iam::000000000000:user/ann is not authorized to perform: aidevops:UpdateService ' +
        'because the role auditor allows Get, List and LookupEvents only',
    });
  });

  it('is nothing for who may call', () => {
    expect(denial({ ...auditor, role: 'operator' }, update)).toBeUndefined();
    expect(denial(auditor, { name: 'GetService', access: 'read' })).toBeUndefined();
  });
});

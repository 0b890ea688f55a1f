/**
 * Writes docs/errors.md: every error code with its status, every code of a failed check with its step. Run it when a
 * code is added (`node scripts/errorsDoc.ts`); a test fails while the file differs.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { statusOf } from '../lib/api/errorResponse.ts';
import type { FailureCode } from '../lib/api/errors.ts';
import { WITHHELD_MESSAGES } from '../lib/associations/withheld.ts';
import { REMEDY_OF_CODE } from '../lib/mcp/remedies.ts';
import { STEP_OF_CODE, VALIDATION_STEPS } from '../lib/mcp/stepCodes.ts';
import type { ValidationCode, ValidationStep } from '../lib/mcp/types.ts';
import { WARNING_CODES } from '../lib/mcp/warningCodes.ts';
import { CONSENT_ERRORS } from '../lib/oauth/consentErrors.ts';
import { ERRORS, MEANINGS, STEPS, WARNINGS } from './errorsDoc/texts.ts';

export const ERRORS_FILE = 'docs/errors.md';

const INTRODUCTION = `# Errors

This file is made from the code (\`node scripts/errorsDoc.ts\`).

A failed request is answered with the error code in the header \`x-amzn-errortype\` and as \`__type\` in the body, beside
\`message\`. The header \`x-amzn-requestid\` names the request; it is the \`requestID\` of its audit event. A
\`ValidationException\` also has \`fieldList\`: for each fault a JSON Pointer (RFC 6901) into the request, and what is wrong.

Members that an operation does not know are refused, not ignored: a misspelt setting must not pass for one that was set.
`;

/** The document as it should be. */
export function errorsDoc(): string {
  return [
    INTRODUCTION,
    errorTable(),
    validationTables(),
    warningTable(),
    withheldTable(),
    consentTable(),
  ].join('\n');
}

function errorTable(): string {
  const codes = Object.keys(ERRORS) as FailureCode[];
  const rows = codes
    .map(code => ({ code, status: statusOf({ code }), ...ERRORS[code] }))
    .sort((a, b) => a.status - b.status)
    .map(({ code, status, when, remedy }) => [`\`${code}\``, String(status), when, remedy]);
  return `## Error codes\n\n${table(['code', 'status', 'when', 'what to do'], rows)}\n`;
}

function validationTables(): string {
  const parts = VALIDATION_STEPS.map(step => `### ${step}\n\n${STEPS[step]}\n\n${stepTable(step)}\n`);
  return `## Failed checks of a server

Registering, validating and replacing a credential run eight checks in order, and stop at the first that fails. The
message of the refusal begins with one of these codes; a report of ValidateService or ValidateRegistration has it as the
\`code\` of the failed step.

${parts.join('\n')}`;
}

function stepTable(step: ValidationStep): string {
  const codes = (Object.keys(STEP_OF_CODE) as ValidationCode[]).filter(code => STEP_OF_CODE[code] === step);
  return table(
    ['code', 'meaning', 'what to do'],
    codes.map(code => [`\`${code}\``, MEANINGS[code], REMEDY_OF_CODE[code]]),
  );
}

function warningTable(): string {
  const rows = WARNING_CODES.map(code => [`\`${code}\``, WARNINGS[code].meaning, WARNINGS[code].remedy]);
  return `## Warnings

They refuse nothing, and come in the member \`warnings\`, the gravest first. Those about a tool's definition are given
when a server is validated, and again, of the tools that are being allowed, when it is connected to a space. They say
where in the definition something is, and never repeat it.

${table(['code', 'meaning', 'what to do'], rows)}
`;
}

function withheldTable(): string {
  const rows = Object.entries(WITHHELD_MESSAGES).map(([reason, text]) => [`\`${reason}\``, text]);
  return `## Withheld tools

Tools that agents do not get for now, in \`withheldTools\` of an association.

${table(['reason', 'meaning, and what to do'], rows)}
`;
}

function consentTable(): string {
  const rows = Object.entries(CONSENT_ERRORS).map(([code, text]) => [`\`${code}\``, text]);
  return `## Failed consents

A consent that comes to nothing sends the browser to \`returnToEndpoint\` with one of these as \`error\`. They are stable,
and say no more than this: the audit event of RegisterService or UpdateService says what happened. Start again.

${table(['error', 'meaning'], rows)}
`;
}

function table(head: string[], rows: string[][]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, '..', ERRORS_FILE), errorsDoc());
  console.log(`wrote ${ERRORS_FILE}`);
}

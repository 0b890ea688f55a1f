import type { ToolDefinition, ValidationWarning } from '../types.ts';
import type { WarningCode } from '../warningCodes.ts';
import { addressesModel } from './addressesModel.ts';
import { hasAnsiEscapes, hasComment } from './hiddenMarkup.ts';
import { twinWarnings } from './imitatedNames.ts';
import { invisibleCharacters } from './invisibleCharacters.ts';
import { readOnlyHintWarnings } from './readOnlyHints.ts';
import { nameShown, placeShown, type Show } from './shown.ts';
import { type Place, toolStrings } from './toolStrings.ts';

export interface MetadataOptions {
  /** Makes a server's words fit to be shown. */
  show: Show;
  /** Tools whose effects the operator has classified, so that a missing hint of theirs does not matter. */
  classified?: ReadonlySet<string> | undefined;
}

/** What a text is looked through for; `find` tells what is there in words of ours, never in the server's. */
interface TextCheck {
  code: WarningCode;
  find: (text: string) => string | undefined;
}

const TEXT_CHECKS: readonly TextCheck[] = [
  {
    code: 'TOOL_INVISIBLE_CHARACTERS',
    find: text => said('holds characters that people do not see and models read', invisibleCharacters(text)),
  },
  {
    code: 'TOOL_ANSI_ESCAPES',
    find: text =>
      hasAnsiEscapes(text) ? 'holds terminal escapes, which can hide and overwrite text' : undefined,
  },
  {
    code: 'TOOL_HTML_COMMENT',
    find: text =>
      hasComment(text) ? 'holds a comment, which people do not see where it is rendered' : undefined,
  },
  {
    code: 'TOOL_ADDRESSES_MODEL',
    find: text =>
      said(
        'speaks to the model instead of describing the tool, and wants it',
        addressesModel(text).join(', '),
      ),
  },
];

const ADVICE = 'Read the definition with ListServiceTools, and allow the tool only if you trust it.';

/**
 * Warns of tool definitions that try to mislead agents or the people who confirm them, and of what they leave unsaid:
 * invisible characters, terminal escapes, comments and instructions to the model in any text of a definition, names
 * that look like another's, missing `readOnlyHint`. At most one warning of each kind for a tool.
 */
export function metadataWarnings(
  tools: readonly ToolDefinition[],
  { show, classified }: MetadataOptions,
): ValidationWarning[] {
  const unclassified = tools.filter(({ name }) => !classified?.has(name));
  return [
    ...tools.flatMap(tool => textWarnings(tool, show)),
    ...twinWarnings(
      tools.map(({ name }) => name),
      show,
    ),
    ...readOnlyHintWarnings(unclassified, show),
  ];
}

/** Texts with one fault that are counted: a definition of megabytes is not looked through for more of the same. */
const MAX_PLACES = 100;

interface Finding {
  what: string;
  first: Place | undefined;
  places: number;
}

function textWarnings(tool: ToolDefinition, show: Show): ValidationWarning[] {
  const findings = new Map<WarningCode, Finding>();
  for (const { text, place } of toolStrings(tool)) {
    for (const { code, find } of TEXT_CHECKS) {
      const known = findings.get(code);
      if (known && known.places > MAX_PLACES) continue;
      const what = find(text);
      if (what === undefined) continue;
      if (known) known.places++;
      else findings.set(code, { what, first: place, places: 1 });
    }
  }
  return [...findings].map(([code, finding]) => ({
    code,
    message: messageOf(finding, show),
    toolName: nameShown(tool.name, show),
  }));
}

function messageOf({ what, first, places }: Finding, show: Show): string {
  const others = places > MAX_PLACES ? `${MAX_PLACES} or more` : `${places - 1}`;
  const elsewhere = places > 1 ? ` So do ${others} other texts of the definition.` : '';
  return `The text at ${placeShown(first, show)} ${what}.${elsewhere} ${ADVICE}`;
}

function said(what: string, found: string | undefined): string | undefined {
  return found ? `${what}: ${found}` : undefined;
}

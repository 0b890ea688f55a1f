import * as z from 'zod';
import { scrubServerText } from '../egress/scrub.ts';
import type { OpenServer } from './connect.ts';
import { holdsSecret } from './credentialSecrets.ts';
import { MAX_LIST_BYTES, MAX_LIST_PAGES, MAX_LIST_TOOLS } from './limits.ts';
import { failure } from './mcpError.ts';
import { RAW_TOOLS } from './rawTools.ts';
import { readTool } from './toolDefinition.ts';
import type { ToolDefinition, ValidationWarning } from './types.ts';
import type { WarningCode } from './warningCodes.ts';

export interface ToolList {
  /** In the server's order, names unique. */
  tools: ToolDefinition[];
  warnings: ValidationWarning[];
}

const Page = z.object({
  // As they came: unknown members belong to what an operator confirms.
  [RAW_TOOLS]: z.array(z.unknown()),
  // Null and '' are how some servers say that there is no more.
  nextCursor: z.string().nullish(),
});

/**
 * All pages of `tools/list`. Tools that cannot be used are left out with a warning: malformed
 * (`TOOL_MALFORMED`), named like an earlier one (`TOOL_DUPLICATED`), or repeating the credential
 * (`TOOL_ECHOES_CREDENTIAL`). Fails with a {@link McpError}: `TOOLS_NOT_OFFERED`, `TOOLS_LIST_FAILED` or
 * `TOOLS_LIST_TOO_LARGE`, or the code of a step that the server refutes now (a credential refused late).
 */
export async function listTools(server: OpenServer): Promise<ToolList> {
  if (!server.offersTools) throw failure('TOOLS_NOT_OFFERED', 'The server declares no tools.');
  const sorter = createSorter();
  const cursors = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const page = await readPage(server, cursor);
    sorter.add(page[RAW_TOOLS], server.secrets);
    if (!page.nextCursor) return sorter.list;
    cursor = page.nextCursor;
    if (cursors.has(cursor))
      throw failure('TOOLS_LIST_FAILED', 'The server repeats a page cursor: its list never ends.');
    cursors.add(cursor);
    if (cursors.size >= MAX_LIST_PAGES) throw tooLarge(`more than ${MAX_LIST_PAGES} pages`);
  }
}

function readPage(server: OpenServer, cursor: string | undefined): Promise<z.infer<typeof Page>> {
  const params = cursor === undefined ? {} : { params: { cursor } };
  return server.ask((client, options) => client.request({ method: 'tools/list', ...params }, Page, options));
}

/** Keeps what can be used, warns of the rest, bounds both. */
function createSorter() {
  const list: ToolList = { tools: [], warnings: [] };
  let secrets: readonly string[] = [];
  const names = new Set<string>();
  let seen = 0;
  let bytes = 0;

  const warn = (code: WarningCode, message: string, name?: unknown) => {
    const toolName = typeof name === 'string' && name !== '' ? scrubServerText(name, secrets) : undefined;
    list.warnings.push({ code, message, ...(toolName && { toolName }) });
  };
  const addOne = (raw: unknown) => {
    const read = readTool(raw);
    if ('problem' in read) {
      return warn(
        'TOOL_MALFORMED',
        `Tool ${seen} of the list is left out: ${read.problem}.`,
        Object(raw).name,
      );
    }
    bytes += Buffer.byteLength(read.json);
    if (bytes > MAX_LIST_BYTES) throw tooLarge(`definitions of more than ${MAX_LIST_BYTES} bytes`);
    if (holdsSecret(read.json, secrets)) {
      return warn(
        'TOOL_ECHOES_CREDENTIAL',
        `Tool ${seen} of the list is left out: its definition repeats the credential.`,
      );
    }
    const { name } = read.tool;
    if (names.has(name)) {
      return warn(
        'TOOL_DUPLICATED',
        `Tool ${seen} of the list is left out: an earlier one has the same name.`,
        name,
      );
    }
    names.add(name);
    list.tools.push(read.tool);
  };
  const add = (page: readonly unknown[], known: readonly string[]) => {
    secrets = known;
    for (const raw of page) {
      if (++seen > MAX_LIST_TOOLS) throw tooLarge(`more than ${MAX_LIST_TOOLS} tools`);
      addOne(raw);
    }
  };
  return { list, add };
}

function tooLarge(what: string) {
  return failure('TOOLS_LIST_TOO_LARGE', `The server lists ${what}.`);
}

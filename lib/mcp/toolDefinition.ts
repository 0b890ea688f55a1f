import { specTypeSchemas } from '@modelcontextprotocol/client';
import { canonicalJson } from './fingerprint.ts';
import { MAX_TOOL_DEPTH } from './limits.ts';
import type { ToolDefinition } from './types.ts';

/** A definition that can be used, with the bytes of its canonical JSON, or why it cannot. */
export type ReadTool = { tool: ToolDefinition; json: string } | { problem: string };

/**
 * Reads one entry of a tool list, keeping every member as the server gave it. What is refused is what an agent's
 * MCP client would refuse too (one such tool makes it drop the whole list) and what has no canonical form.
 */
export function readTool(raw: unknown): ReadTool {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return { problem: 'it is not an object' };
  if (isDeeper(raw, MAX_TOOL_DEPTH)) return { problem: `it is nested deeper than ${MAX_TOOL_DEPTH} levels` };
  const problem = problemOf(raw);
  if (problem) return { problem };
  try {
    return { tool: raw as ToolDefinition, json: canonicalJson(raw) };
  } catch {
    return { problem: 'it has a number or a character that JSON cannot carry reliably' };
  }
}

function problemOf(raw: object): string | undefined {
  const checked = specTypeSchemas.Tool['~standard'].validate(raw);
  if (checked instanceof Promise) {
    checked.catch(() => {});
    return 'it cannot be checked';
  }
  const [issue] = checked.issues ?? [];
  if (!issue) return 'name' in raw && raw.name === '' ? 'its name is empty' : undefined;
  // Only the outermost member is named: deeper ones are the server's words.
  const member = KNOWN_MEMBERS.find(known => known === segmentKey(issue.path?.[0]));
  return member
    ? `its member "${member}" is missing or not of the form that MCP defines`
    : 'it is not of the form that MCP defines';
}

const KNOWN_MEMBERS = [
  'name',
  'title',
  'description',
  'inputSchema',
  'outputSchema',
  'annotations',
  'icons',
  'execution',
  '_meta',
];

function segmentKey(segment: unknown): unknown {
  return typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some(member => isDeeper(member, levels - 1));
}

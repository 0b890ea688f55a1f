import type { ToolDefinition } from '../types.ts';

/** Where in a definition something is: the member or position, and what holds it. */
export interface Place {
  key: string;
  within: Place | undefined;
}

/** A text in a tool's definition. */
export interface ToolString {
  text: string;
  place: Place | undefined;
}

/**
 * Every text of a definition, at any depth and in its order: whatever a model may come to read, names of members
 * (parameters, mostly) included. Members that no specification names are not left out: nothing tells which of them
 * a client shows.
 */
export function* toolStrings(tool: ToolDefinition): Generator<ToolString> {
  const waiting: { value: unknown; place: Place | undefined }[] = [{ value: tool, place: undefined }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, place } = next;
    if (typeof value === 'string') yield { text: value, place };
    if (typeof value !== 'object' || value === null) continue;
    const places = Object.keys(value).map(key => ({ key, within: place }));
    if (!Array.isArray(value)) for (const at of places) yield { text: at.key, place: at };
    for (const at of places.reverse()) waiting.push({ value: Reflect.get(value, at.key), place: at });
  }
}

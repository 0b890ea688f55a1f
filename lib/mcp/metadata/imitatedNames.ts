import type { ValidationWarning } from '../types.ts';
import { foldLookAlikes } from './lookAlikes.ts';
import { nameShown, namesShown, type Show } from './shown.ts';

/** What another server of a space may show to agents. */
export interface OtherTools {
  serverName: string;
  tools: readonly string[];
}

/**
 * What a name is at a glance: case, separators and look-alikes do not tell names apart. A separator between digits
 * does: `v1_1` and `v11` are two versions.
 */
export function glanceOf(name: string): string {
  return foldLookAlikes(name.replace(/(?<!\d)[\s_-]+|[\s_-]+(?!\d)/g, ''))
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

/** Warns of tools of one server that look like an earlier one of it. */
export function twinWarnings(names: readonly string[], show: Show): ValidationWarning[] {
  const seen = new Map<string, string>();
  return names.flatMap(name => {
    const glance = glanceOf(name);
    const twin = seen.get(glance);
    if (twin !== undefined) return [imitation(name, `${nameShown(twin, show)} of the same server`, show)];
    seen.set(glance, name);
    return [];
  });
}

/**
 * Warns of tools whose name, alone or behind the server's (`<server>_<tool>`), looks like a name that another server's
 * tool is seen under. The very names of another server's tools are told in one warning for each server: `search` is
 * nobody's, and agents see which server's it is.
 */
export function imitationWarnings(
  serverName: string,
  names: readonly string[],
  others: readonly OtherTools[],
  show: Show,
): ValidationWarning[] {
  const taken = Map.groupBy(others.flatMap(seenNames), ({ seen }) => glanceOf(seen));
  const alike = names.flatMap(name => {
    const found = [name, `${serverName}_${name}`].flatMap(seen => taken.get(glanceOf(seen)) ?? []);
    const other = found.find(one => one.name !== name);
    return other ? [imitation(name, `${nameShown(other.name, show)} of ${other.serverName}`, show)] : [];
  });
  return [...alike, ...others.flatMap(other => sameNames(names, other, show))];
}

/** The bare names of another server's tools, and those that agents see. */
function seenNames({ serverName, tools }: OtherTools) {
  return tools.flatMap(name => [name, `${serverName}_${name}`].map(seen => ({ seen, name, serverName })));
}

function imitation(name: string, of: string, show: Show): ValidationWarning {
  const message = `The name looks like that of ${of}: agents, and people who approve calls, take one for the other. Rename it on the server, or allow only one of them.`;
  return { code: 'TOOL_NAME_IMITATES', message, toolName: nameShown(name, show) };
}

function sameNames(names: readonly string[], other: OtherTools, show: Show): ValidationWarning[] {
  const theirs = new Set(other.tools);
  const same = names.filter(name => theirs.has(name));
  if (same.length === 0) return [];
  const message = `${other.serverName} has tools of the same names (${namesShown(same, show)}): only the server's name tells agents which one they call.`;
  return [{ code: 'TOOL_NAME_IMITATES', message }];
}

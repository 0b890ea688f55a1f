/** The `{label}` names of a path template, in order. */
export function labelsOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1] as string);
}

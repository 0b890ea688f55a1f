/** What CloudFormation would know of a stack: pseudo parameters, `Ref`s, and attributes as `LogicalId.Attribute`. */
export type Facts = Readonly<Record<string, string>>;

/** A value of a template with its intrinsics resolved. @throws Error naming a reference that nobody gave a value */
export function resolved(value: unknown, facts: Facts): unknown {
  if (Array.isArray(value)) return value.map(item => resolved(item, facts));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = []] = Object.entries(value);
  switch (name) {
    case 'Ref':
      return known(String(argument), facts);
    case 'Fn::GetAtt':
      return known(argument.join('.'), facts);
    case 'Fn::Join':
      return (resolved(argument[1], facts) as string[]).join(argument[0]);
    case 'Fn::Split':
      return String(resolved(argument[1], facts)).split(argument[0]);
    case 'Fn::Select':
      return (resolved(argument[1], facts) as string[])[argument[0]];
    default:
      return Object.fromEntries(
        Object.entries(value).map(([member, inner]) => [member, resolved(inner, facts)]),
      );
  }
}

function known(name: string, facts: Facts): string {
  const value = facts[name];
  if (value === undefined) throw new Error(`Nothing is known of ${name}.`);
  return value;
}

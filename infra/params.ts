/** What osls hands to a function of a configuration file. */
export interface Resolver {
  resolveVariable(address: string): Promise<unknown>;
}

/** The value of a parameter of serverless.yml, trimmed; '' where it is left empty. */
export async function textParam({ resolveVariable }: Resolver, name: string): Promise<string> {
  return String((await resolveVariable(`param:${name}`)) ?? '').trim();
}

/**
 * A whole number within bounds.
 * @throws Error naming the parameter and what it takes
 */
export async function numberParam(
  resolver: Resolver,
  name: string,
  min: number,
  max: number,
): Promise<number> {
  const text = await textParam(resolver, name);
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${text}".`);
}

/**
 * Whether a parameter is `true`; nothing but that and `false` will do.
 * @throws Error naming the parameter and what it takes
 */
export async function flagParam(resolver: Resolver, name: string): Promise<boolean> {
  const text = await textParam(resolver, name);
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Error(`${name} must be true or false, not "${text}".`);
}

/**
 * A parameter of a given form, or `undefined` where it is left empty.
 * @throws Error naming the parameter and what it takes
 */
export async function formParam(
  resolver: Resolver,
  name: string,
  form: RegExp,
  what: string,
): Promise<string | undefined> {
  const text = await textParam(resolver, name);
  if (text === '') return undefined;
  if (form.test(text)) return text;
  throw new Error(`${name} must be ${what}, not "${text}".`);
}

import { attribute, type Intrinsic, join, type Resource, ref, type Value } from './cloudformation.ts';
import { consoleBucket } from './consoleBucket.ts';
import { consoleConfig } from './consoleConfig.ts';
import { distribution } from './consoleDistribution.ts';
import { consoleDomain, consoleName } from './consoleDomain.ts';
import { consoleSignIn } from './consoleSignIn.ts';
import { flagParam, type Resolver, textParam } from './params.ts';

/** What the parameter `consoleEnabled` adds to the stack. */
export interface ConsolePart {
  resources: Record<string, Resource>;
  outputs: Record<string, { Value: Value }>;
}

const NOTHING: ConsolePart = { resources: {}, outputs: {} };

/**
 * The console: a private bucket behind CloudFront, which also passes the API on, under one origin.
 * @throws Error naming a parameter that cannot be used
 */
export async function consolePart(resolver: Resolver): Promise<ConsolePart> {
  const origin = await consoleOrigin(resolver);
  if (origin === undefined) return NOTHING;
  const [domain, signIn] = await Promise.all([consoleDomain(resolver), consoleSignIn(resolver, origin)]);
  return {
    resources: {
      ...consoleBucket,
      ...(await distribution(resolver, domain, signIn.connect)),
      ...domain.records,
      ...signIn.resources,
    },
    outputs: {
      ConsoleUrl: { Value: join(origin, '/console/') },
      ConsoleBucketName: { Value: ref('ConsoleBucket') },
      ConsoleDistributionId: { Value: ref('ConsoleDistribution') },
      ConsoleConfig: { Value: await consoleConfig(resolver, origin, signIn.config) },
    },
  };
}

/** Origins that consents may send browsers back to: the parameter `consoleOrigins`, and the console's own. */
export async function consoleOrigins(resolver: Resolver): Promise<Value> {
  const given = await textParam(resolver, 'consoleOrigins');
  const own = await consoleOrigin(resolver);
  if (own === undefined) return given;
  return given === '' ? own : join(`${given},`, own);
}

/** The console's origin, where there is a console. */
async function consoleOrigin(resolver: Resolver): Promise<Intrinsic | undefined> {
  if (!(await flagParam(resolver, 'consoleEnabled'))) return undefined;
  return join('https://', (await consoleName(resolver)) ?? attribute('ConsoleDistribution', 'DomainName'));
}

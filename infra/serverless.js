// osls loads JavaScript only; Node runs the TypeScript behind it.
export { consoleOrigins } from './console.ts';
export { functions } from './functions.ts';
export {
  credentialKeyArn,
  externalIdSecret,
  pageTokenKey,
  publicBaseUrl,
  resourcePolicy,
  tokensValidFrom,
} from './provider.ts';
export { resources } from './resources.ts';

// osls loads JavaScript only; Node runs the TypeScript behind it.
export { functions } from './functions.ts';
export { apiUrl, credentialKeyArn, externalIdSecret, pageTokenKey, resourcePolicy } from './provider.ts';
export { resources } from './resources.ts';

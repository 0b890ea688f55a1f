/** What the package exports. */
export { type ClientOptions, createSwitchboardClient, type SwitchboardClient } from './client.ts';
export type { CredentialSource, Credentials } from './credentials.ts';
export { type ClientErrorName, type FieldError, SwitchboardError } from './errors.ts';
export type { components } from './generated/openapi.ts';
export type { ErrorName } from './generated/operations.ts';
export type { CallOptions, Input, OperationName, Output } from './operation.ts';

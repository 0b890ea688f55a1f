import type { components } from '../../client/src/index.ts';

type Schemas = components['schemas'];

/** Shapes of the API, by the names that openapi.yaml gives them. */
export type RegisteredService = Schemas['RegisteredService'];
export type ServiceTool = Schemas['ServiceTool'];
export type ValidationReport = Schemas['ValidationReport'];
export type ValidationStep = Schemas['ValidationStepResult'];
export type ValidationWarning = Schemas['ValidationWarning'];
export type AgentSpace = Schemas['AgentSpace'];
export type Association = Schemas['Association'];
export type AccessToken = Schemas['AccessToken'];
export type TrailEvent = Schemas['Event'];
export type Invocation = Schemas['Invocation'];
export type Classification = Schemas['ToolClassification'];

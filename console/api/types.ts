import type { components, Input } from '../../client/src/index.ts';

type Schemas = components['schemas'];

/** Shapes of the API, by the names that openapi.yaml gives them. */
export type RegisteredService = Schemas['RegisteredService'];
export type ServiceTool = Schemas['ServiceTool'];
/** Warnings are only in the answer of a validation. */
export type ValidationReport = Schemas['KeptValidationReport'] & Partial<Schemas['ValidationReport']>;
export type ValidationStep = Schemas['ValidationStepResult'];
export type ValidationWarning = Schemas['ValidationWarning'];
export type AgentSpace = Schemas['AgentSpace'];
export type Association = Schemas['Association'];
export type AssociationTool = Schemas['AssociationTool'];
export type AccessToken = Schemas['AccessToken'];
export type TrailEvent = Schemas['Event'];
export type Invocation = Schemas['Invocation'];
export type CallCount = Schemas['InvocationCount'];
export type Classification = Schemas['ToolClassification'];

export type EventFilter = Pick<Input<'LookupEvents'>, 'LookupAttributes' | 'StartTime' | 'EndTime'>;

/** How many calls there were, by hour or day, newest first. */
export interface Counts {
  counts: readonly CallCount[];
  /** The range, epoch milliseconds. */
  from: number;
  to: number;
  period: Schemas['CountPeriod'];
  /** Whether there are earlier calls in the range that are not counted. */
  isCut: boolean;
}

import { FIELDS, type Field, missingFields, pointerOf, serviceOf } from '../credentials/fields.ts';
import { concerns, type Faults } from '../credentials/placeErrors.ts';
import { type Draft, methodOf } from './draft.ts';

export type StepId = 'details' | 'flow' | 'configuration' | 'scopes' | 'review';

/** The fields of one of the two parts of the configuration. */
export function fieldsOf(draft: Draft, step: 'configuration' | 'scopes'): Field[] {
  return FIELDS[methodOf(draft)].filter(({ later = false }) => later === (step === 'scopes'));
}

/** The steps that have something to ask of this draft. */
export function stepsOf(draft: Draft): StepId[] {
  const all: StepId[] = ['details', 'flow', 'configuration', 'scopes', 'review'];
  return all.filter(step => {
    if (step === 'flow') return !draft.discovery;
    return step === 'details' || step === 'review' || fieldsOf(draft, step).length > 0;
  });
}

/** JSON Pointers of the details' fields. */
export function detailPointer(draft: Draft, member: 'name' | 'endpoint' | 'description'): string {
  return `/serviceDetails/${serviceOf(methodOf(draft))}/${member}`;
}

/** The JSON Pointers that a step has fields for. */
export function pointersOf(draft: Draft, step: StepId): string[] {
  if (step === 'details')
    return (['name', 'endpoint', 'description'] as const).map(member => detailPointer(draft, member));
  if (step !== 'configuration' && step !== 'scopes') return [];
  return fieldsOf(draft, step).map(({ member }) => pointerOf(methodOf(draft), member));
}

/** Whether a step lacks something that it must have. */
export function lacks(draft: Draft, step: StepId): boolean {
  if (step === 'details') return draft.name.trim() === '' || draft.endpoint.trim() === '';
  if (step !== 'configuration' && step !== 'scopes') return false;
  return missingFields(fieldsOf(draft, step), draft.credentials).length > 0;
}

/** The first step that a fault belongs to. */
export function stepWith(draft: Draft, faults: Faults): StepId | undefined {
  return stepsOf(draft).find(step =>
    pointersOf(draft, step).some(pointer => faults.some(fault => concerns(pointer, fault))),
  );
}

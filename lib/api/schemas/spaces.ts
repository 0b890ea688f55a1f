import * as z from 'zod';
import { FREE_TEXT, KmsKeyArn, SENSITIVE, Timestamp } from './common.ts';
import { AgentSpaceId } from './ids.ts';
import { ServiceState } from './states.ts';
import { Tags } from './tags.ts';

export const AgentSpaceName = z
  .string()
  .min(1)
  .max(255)
  .regex(FREE_TEXT, 'must not hold control characters')
  .meta({ id: 'AgentSpaceName' });

export const Description = z
  .string()
  .min(1)
  .max(1000)
  .regex(FREE_TEXT, 'must not hold control characters')
  .meta({ id: 'Description', ...SENSITIVE });

export const Locale = z
  .string()
  .min(2)
  .max(35)
  .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, 'must be a language tag such as en-US')
  .meta({ id: 'Locale' });

export const AgentSpacePreferences = z
  .partialRecord(z.enum(['elevatedActionsEnabled']), z.boolean())
  .meta({ id: 'AgentSpacePreferences', maxProperties: 25 });

export const ClientToken = z
  .string()
  .max(64)
  .regex(/^[!-~]*$/, 'must be printable ASCII without spaces')
  .meta({ id: 'ClientToken', 'x-idempotency-token': true });

export const AgentSpace = z
  .object({
    name: AgentSpaceName,
    description: Description.optional(),
    locale: Locale.optional(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    kmsKeyArn: KmsKeyArn.optional(),
    agentSpaceId: AgentSpaceId,
    preferences: AgentSpacePreferences.optional(),
    state: ServiceState.optional(),
  })
  .meta({ id: 'AgentSpace' });

export const createAgentSpaceMembers = {
  name: AgentSpaceName,
  description: Description.optional(),
  locale: Locale.optional(),
  kmsKeyArn: KmsKeyArn.optional(),
  clientToken: ClientToken.optional(),
  tags: Tags.optional(),
  preferences: AgentSpacePreferences.optional(),
};

export const updateAgentSpaceMembers = {
  agentSpaceId: AgentSpaceId,
  name: AgentSpaceName.optional(),
  description: Description.optional(),
  locale: Locale.optional(),
  preferences: AgentSpacePreferences.optional(),
  state: ServiceState.optional(),
};

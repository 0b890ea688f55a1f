import { expectTypeOf, it } from 'vitest';
import type {
  components,
  Input,
  Output,
  SwitchboardClient,
  SwitchboardError,
} from '../../client/src/index.ts';

type Schemas = components['schemas'];
declare const client: SwitchboardClient;

// Checked by the compiler; nothing of it runs.
const never = (_check: () => unknown) => {};

it('puts members of path, query and body side by side', () => {
  expectTypeOf<Input<'AssociateService'>['agentSpaceId']>().toEqualTypeOf<string>();
  expectTypeOf<Input<'AssociateService'>['configuration']>().toEqualTypeOf<Schemas['ServiceConfiguration']>();
  expectTypeOf<Input<'UntagResource'>>().toEqualTypeOf<{ resourceArn: string; tagKeys: string[] }>();
  expectTypeOf<Input<'ListServices'>['maxResults']>().toEqualTypeOf<number | undefined>();
});

it('wants what is required, and nothing else', () => {
  never(() => client.listServices());
  never(() => client.lookupEvents({ MaxResults: 5 }));
  // @ts-expect-error: serviceId is required
  never(() => client.getService({}));
  // @ts-expect-error: so is the input itself
  never(() => client.deregisterService());
  // @ts-expect-error: no such member
  never(() => client.getService({ serviceId: 'x', serviceID: 'y' }));
  // @ts-expect-error: no such operation
  never(() => client.dropEverything());
});

it('knows what comes back', () => {
  expectTypeOf<Output<'GetService'>['service']>().toEqualTypeOf<Schemas['RegisteredService']>();
  expectTypeOf<Output<'RegisterService'>['serviceId']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Output<'DeleteAgentSpace'>>().toEqualTypeOf<undefined>();
  expectTypeOf<Output<'DeregisterService'>>().toEqualTypeOf<Record<string, never>>();
  expectTypeOf<Output<'LookupEvents'>['Events'][number]['EventTime']>().toEqualTypeOf<number>();
  expectTypeOf<SwitchboardError['fieldList'][number]['path']>().toEqualTypeOf<string>();
});

it('walks what is paged', () => {
  const spaces = () => client.paginate('listAgentSpaces');
  expectTypeOf<ReturnType<typeof spaces>>().toEqualTypeOf<AsyncGenerator<Schemas['AgentSpace'], void>>();
  const tools = () => client.paginate('listServiceTools', { serviceId: 'x' });
  type Tool = Output<'ListServiceTools'>['tools'][number];
  expectTypeOf<ReturnType<typeof tools>>().toEqualTypeOf<AsyncGenerator<Tool, void>>();
  const events = () => client.pages('lookupEvents');
  expectTypeOf<ReturnType<typeof events>>().toEqualTypeOf<AsyncGenerator<Output<'LookupEvents'>, void>>();
  // @ts-expect-error: serviceId is required here too
  never(() => client.paginate('listServiceTools'));
  // @ts-expect-error: this one is not paged
  never(() => client.paginate('getService', { serviceId: 'x' }));
});

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Input } from '../../client/src/index.ts';
import { factsOf } from '../api/serverFacts.ts';
import type { RegisteredService } from '../api/types.ts';
import { goToConsent } from '../register/goToConsent.ts';
import { useSigned } from '../session/SessionProvider.tsx';
import { configurationOf, signedConfigurationOf } from './authorization.ts';
import type { Credentials, MethodId } from './fields.ts';

interface Wanted {
  method: MethodId;
  values: Credentials;
  endpoint: string;
  /** What its validation is followed under. */
  validationId: string;
}

/** Replaces the credential of a server, by way of a consent where the method wants one. */
export function useReplacement(service: RegisteredService, onDone: () => void) {
  const { client, config } = useSigned();
  const queries = useQueryClient();
  const { serviceId } = service;
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: (wanted: Wanted) => {
      const returnTo = `${config.publicBaseUrl}/console/servers/${serviceId}/credentials`;
      const moved = wanted.endpoint.trim() !== factsOf(service).endpoint;
      const endpoint = moved ? { endpoint: wanted.endpoint.trim() } : {};
      const serviceDetails = detailsOf(wanted, endpoint, returnTo);
      return client.updateService({ serviceId, serviceDetails, validationId: wanted.validationId });
    },
    onSuccess: ({ additionalStep }) => {
      if (additionalStep?.oauth) return goToConsent(additionalStep.oauth.authorizationUrl);
      void queries.invalidateQueries({ queryKey: ['service', serviceId] });
      onDone();
    },
  });
  const replace = (method: MethodId, values: Credentials, endpoint: string) =>
    mutate({ method, values, endpoint, validationId: crypto.randomUUID() });
  return { replace, isPending, error, validationId: variables?.validationId };
}

type Details = NonNullable<Input<'UpdateService'>['serviceDetails']>;

function detailsOf({ method, values }: Wanted, endpoint: { endpoint?: string }, returnTo: string): Details {
  if (method === 'sigv4') {
    return { mcpserversigv4: { ...endpoint, authorizationConfig: signedConfigurationOf(values) } };
  }
  return { mcpserver: { ...endpoint, authorizationConfig: configurationOf(method, values, returnTo) } };
}

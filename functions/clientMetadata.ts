import { clientMetadataDeps } from '../lib/deps/clientMetadata.ts';
import { browserEndpoint } from '../lib/oauth/browserEndpoint.ts';
import { clientMetadataAnswer } from '../lib/oauth/clientMetadata.ts';

/** Open to authorization servers: who Switchboard is as an OAuth client. */
export const handler = browserEndpoint(
  'clientMetadata',
  async (_event, deps) => clientMetadataAnswer(deps.consent),
  clientMetadataDeps,
);

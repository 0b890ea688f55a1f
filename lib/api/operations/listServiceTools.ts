import * as z from 'zod';
import { operation } from '../operation.ts';
import { ServiceId } from '../schemas/ids.ts';
import { PAGE_QUERY, page } from '../schemas/paging.ts';
import { ServiceToolsPage } from '../schemas/serviceTools.ts';

export const ListServiceTools = operation({
  name: 'ListServiceTools',
  method: 'POST',
  path: '/v1/services/{serviceId}/tools/list',
  query: PAGE_QUERY,
  status: 200,
  input: z.strictObject({ serviceId: ServiceId, ...page }),
  output: ServiceToolsPage,
  access: 'read',
  extension: true,
  errors: ['ResourceNotFoundException'],
  paginated: 'tools',
  summary: 'Lists the tools that the server offered when it was last asked, and when that was.',
});

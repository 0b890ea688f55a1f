import * as z from 'zod';
import { operation } from '../operation.ts';
import { NextToken, PAGE_QUERY, page } from '../schemas/paging.ts';
import { RegisteredServicesList } from '../schemas/registeredService.ts';
import { Service } from '../schemas/serviceTypes.ts';

export const ListServices = operation({
  name: 'ListServices',
  method: 'POST',
  path: '/v1/services/list',
  query: [...PAGE_QUERY, 'filterServiceType'],
  status: 200,
  input: z.strictObject({ ...page, filterServiceType: Service.optional() }),
  output: z.object({ nextToken: NextToken.optional(), services: RegisteredServicesList }),
  access: 'read',
  extension: false,
  errors: [],
  paginated: 'services',
  summary: 'Lists the registered servers of the account.',
});

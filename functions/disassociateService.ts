import { endpoint } from '../lib/api/endpoint.ts';
import { operations } from '../lib/api/operations.ts';
import { disassociateService } from '../lib/associations/disassociateService.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(operations.DisassociateService, disassociateService, coreDeps);

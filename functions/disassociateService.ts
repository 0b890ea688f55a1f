import { endpoint } from '../lib/api/endpoint.ts';
import { DisassociateService } from '../lib/api/operations/disassociateService.ts';
import { disassociateService } from '../lib/associations/disassociateService.ts';
import { coreDeps } from '../lib/deps/core.ts';

export const handler = endpoint(DisassociateService, disassociateService, coreDeps);

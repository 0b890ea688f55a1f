import * as z from 'zod';

/** The public API registers these through RegisterService; Switchboard serves two of them. */
const REGISTRABLE_TYPES = [
  'dynatrace',
  'servicenow',
  'pagerduty',
  'gitlab',
  'eventChannel',
  'mcpservernewrelic',
  'mcpservergrafana',
  'mcpserverdatadog',
  'mcpserver',
  'mcpserversplunk',
  'azureidentity',
  'mcpserversigv4',
  'remoteagent',
  'remoteagentsigv4',
] as const;

export const Service = z
  .enum(['github', 'slack', 'azure', 'azuredevops', ...REGISTRABLE_TYPES])
  .meta({ id: 'Service' });

export const PostRegisterServiceSupportedService = z
  .enum(REGISTRABLE_TYPES)
  .meta({ id: 'PostRegisterServiceSupportedService' });

/** Service types that Switchboard registers. */
export type McpServiceType = 'mcpserver' | 'mcpserversigv4';

export const FilterServiceTypes = z
  .string()
  .regex(/^\w+(?:,\s*\w+)*$/, 'must be service types separated by commas');

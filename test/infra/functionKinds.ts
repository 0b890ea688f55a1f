/** Functions that run by themselves instead of answering a request. */
export const SCHEDULED = [
  'archiveAuditEvents',
  'checkServiceHealth',
  'exportAuditEvents',
  'removeAbandonedClients',
  'sweepDeletedSpaces',
];

/** Functions of the agents' endpoint. */
export const AGENTS = ['mcpGateway', 'mcpGatewaySigned'];

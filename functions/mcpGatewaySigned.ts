/** The agents' endpoint for callers that sign: the same handler behind a function URL with IAM authorization. */
export { handler } from './mcpGateway.ts';

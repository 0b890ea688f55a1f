/**
 * What bundles hold in the place of the MCP SDK's own `_shims`, whose default validator would bring Ajv in twice over.
 * Both the client's and the server's parts are here.
 */
export { default as process } from 'node:process';
export { NoSchemas as DefaultJsonSchemaValidator } from '../../lib/mcp/noSchemas.ts';

/** Node.js knows no CORS. */
export const CORS_IS_POSSIBLE = false;

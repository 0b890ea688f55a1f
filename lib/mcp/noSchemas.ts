import type { JsonSchemaType } from '@modelcontextprotocol/client';

/**
 * Takes the place of the MCP SDK's JSON Schema validator, which is as large as the SDK itself. Nothing is to be compiled:
 * tools' schemas are handed on as they are, and results are the agent's to check.
 */
export class NoSchemas {
  /** @throws Error always */
  getValidator(_schema: JsonSchemaType): never {
    throw new Error('Switchboard compiles no JSON schemas.');
  }
}

export const noSchemas = new NoSchemas();

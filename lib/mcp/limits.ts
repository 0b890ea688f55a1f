/** Pages of one tool list: 2,000 tools at the 10 a page that small servers use; more is a server going in circles. */
export const MAX_LIST_PAGES = 200;

/** Tools of one server: four times what a whole space may use (500), so that picking stays possible. */
export const MAX_LIST_TOOLS = 2_000;

/** Bytes of all definitions together, and of any one response: what a function of 512 MB parses with ease. */
export const MAX_LIST_BYTES = 8 * 1024 * 1024;

/** Levels of nesting of one definition: real schemas stay below 30; recursive validators downstream overflow. */
export const MAX_TOOL_DEPTH = 100;

/** Milliseconds for a whole validation: an API Gateway request ends at 29 s, and storing comes after. */
export const VALIDATION_BUDGET_MS = 20_000;

/** Characters of a name that agents see: what model APIs accept as a tool name. */
export const MAX_AGENT_TOOL_NAME = 64;

/** Warnings of one report: a screenful of screens; 2,000 tools with a fault each would drown the answer. */
export const MAX_WARNINGS = 100;

/** Characters of a server's name or version in a report. */
export const MAX_SERVER_INFO = 128;

/** Bytes of a request body: what the MCP SDK's servers take; Lambda takes 6 MB of event, body and headers together. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** Bytes of what a server answers to one call, progress included: images and files fit; a function of 512 MB holds some. */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** Levels of nesting of a request: arguments stay below 30; recursive code downstream overflows. */
export const MAX_REQUEST_DEPTH = 100;

/** Milliseconds that what was read of the table is used: a revoked token or a removed tool is gone within this. */
export const TRUSTED_MS = 5_000;

/** Milliseconds after which what is in use is read again beside the request that uses it, so that none has to wait. */
export const REFRESH_AHEAD_MS = 2_500;

/** Calls of one server under way in one process, of all spaces of an account: egress has three times the connections. */
export const MAX_CALLS_PER_SERVER = 64;

/** Calls that wait for one of these: a burst is smoothed; what hangs does not pile up. */
export const MAX_WAITING_PER_SERVER = 128;

/** Failures in a row that show that a server is down: one may be chance, a restart takes a few. */
export const FAILURES_TO_OPEN = 5;

/** Milliseconds until a server that was down gets one call to show that it is back. */
export const HALF_OPEN_AFTER_MS = 10_000;

/** Milliseconds after which that call has shown it, though it still runs: connections give up after 10 s. */
export const SHOWN_BACK_MS = 12_000;

/** Tools of one page of a list: small clients read one page only, and most spaces fit. */
export const TOOLS_PER_PAGE = 250;

/** Milliseconds without a byte after which an answer becomes an event stream with comments: proxies give up at 60 s. */
export const KEEP_ALIVE_MS = 15_000;

/** Milliseconds that a session of an earlier-era server is kept without a call. */
export const SESSION_IDLE_MS = 300_000;

/** Sessions of earlier-era servers in one process. */
export const MAX_SESSIONS = 500;

import { mediaTypeOf, type ServerFetch } from './serverFetch.ts';

/** Characters in which the first event of a deprecated server must have begun; its URL is not of interest. */
const FIRST_EVENT_LENGTH = 4_096;

/** Milliseconds to wait for that event: such servers send it at once. */
const FIRST_EVENT_TIMEOUT_MS = 3_000;

/**
 * Whether a GET is answered with the `endpoint` event of the HTTP+SSE transport (MCP 2024-11-05). The endpoint
 * that it names is neither parsed nor fetched. False on any failure.
 */
export async function announcesEndpoint(wire: ServerFetch): Promise<boolean> {
  try {
    return await wire.guard(() => firstEventIsEndpoint(wire));
  } catch {
    return false;
  }
}

async function firstEventIsEndpoint(wire: ServerFetch): Promise<boolean> {
  const signal = AbortSignal.timeout(FIRST_EVENT_TIMEOUT_MS);
  const response = await wire.request('', { headers: { accept: 'text/event-stream' }, signal });
  if (!response.ok || mediaTypeOf(response) !== 'text/event-stream' || !response.body) {
    await response.body?.cancel();
    return false;
  }
  let seen = '';
  // Leaving the loop cancels the stream.
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    seen += text;
    if (/^event: ?endpoint[\r\n]/m.test(seen)) return true;
    if (seen.length > FIRST_EVENT_LENGTH || /\r?\n\r?\n/.test(seen.trimStart())) return false;
  }
  return false;
}

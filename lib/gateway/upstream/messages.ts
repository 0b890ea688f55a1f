import { createParser } from 'eventsource-parser';
import type { EgressAnswer } from '../../egress/types.ts';
import { failure } from '../../mcp/mcpError.ts';
import { parseKeepingNumbers } from '../json.ts';
import { isObject } from '../rpc.ts';

/** A message of a server: what it holds is still to be looked at. */
export type ServerMessage = Record<string, unknown>;

/** Where an event stream can be taken up again (Streamable HTTP, "Resumability and Redelivery"). */
export interface StreamPosition {
  lastEventId?: string;
  retryMs?: number;
}

/**
 * The messages of an answer: of one JSON body all at once, which an iterator would make ten times as dear, or of an event
 * stream as they come. `position` is kept up to date. Ends with the body; fails with an EgressError where the body does.
 * @throws McpError for a body of another kind, or what is no JSON
 */
export async function messagesOf(
  answer: EgressAnswer,
  position: StreamPosition = {},
): Promise<ServerMessage[] | AsyncIterable<ServerMessage>> {
  switch (mediaTypeOf(answer)) {
    case 'application/json':
      return parsed(await answer.body.text());
    case 'text/event-stream':
      return streamed(answer, position);
    default:
      answer.body.cancel();
      throw failure('TRANSPORT_NOT_MCP', 'The server answered with something that is no MCP message.');
  }
}

function mediaTypeOf({ headers }: EgressAnswer): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}

async function* streamed(answer: EgressAnswer, position: StreamPosition): AsyncGenerator<ServerMessage> {
  const arrived: string[] = [];
  const parser = createParser({
    onEvent: ({ id, data, event }) => {
      if (id !== undefined) position.lastEventId = id;
      // An event without data only names a position to resume from.
      if (data !== '' && (event === undefined || event === 'message')) arrived.push(data);
    },
    onRetry: ms => {
      position.retryMs = ms;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of answer.body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    for (const data of arrived.splice(0)) yield* parsed(data);
  }
}

/** Servers of 2025-03-26 may put several messages into one array. */
function parsed(text: string): ServerMessage[] {
  let value: unknown;
  try {
    value = parseKeepingNumbers(text);
  } catch {
    throw failure('TRANSPORT_NOT_MCP', 'The server answered with a body that is no JSON.');
  }
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

import { readFileSync } from 'node:fs';
import type { AgentEvent } from '../../../lib/gateway/functionUrl.ts';
import type { WireMessage } from '../clients/wire.ts';

/** Own values, in the shape that AWS documents. */
const shapeOf = (name: string): AgentEvent =>
  JSON.parse(readFileSync(new URL(`../../fixtures/functionUrl/${name}.json`, import.meta.url), 'utf8'));

interface EventParts {
  rawPath: string;
  /** Left out for callers that IAM has let in. */
  token?: string;
  message: WireMessage;
  /** Has the body come encoded, as it does when it is not sent as JSON or text. */
  base64?: boolean;
}

/** An event of a function URL, open or with IAM authorization, that carries a message of an agent. */
export function functionUrlEvent(kind: 'open' | 'iam', parts: EventParts): AgentEvent {
  const event = shapeOf(kind);
  const { rawPath, token, message, base64 = false } = parts;
  const { requestContext: context } = event;
  return {
    ...event,
    rawPath,
    headers: {
      ...event.headers,
      ...message.headers,
      ...(token && { authorization: `Bearer ${token}` }),
    },
    requestContext: {
      ...context,
      requestId: crypto.randomUUID(),
      timeEpoch: Date.now(),
      http: { ...context.http, path: rawPath },
    },
    body: base64 ? Buffer.from(message.body).toString('base64') : message.body,
    isBase64Encoded: base64,
  } as AgentEvent;
}

import * as z from 'zod';
import { EgressError } from '../egress/types.ts';
import { checkUrl, type UrlRules } from '../egress/urlPolicy.ts';

/** What an authorization server gave to manage a client with (RFC 7592 §3). Never log it. */
export interface ClientManagement {
  /** The client configuration endpoint. */
  uri: string;
  /** The registration access token. */
  token: string;
}

const Answer = z.object({
  registration_client_uri: z.string().max(2_048),
  // RFC 6750 §2.1 allows less still; no line can be added to a header.
  registration_access_token: z.string().regex(/^[!-~]{1,4096}$/),
});

/** How the client that a registration answered with can be managed; `undefined` where it cannot. */
export function managementOf(body: string, rules: UrlRules): ClientManagement | undefined {
  const answer = Answer.safeParse(jsonOf(body));
  if (!answer.success) return undefined;
  const { registration_client_uri: uri, registration_access_token: token } = answer.data;
  return isFit(uri, rules) ? { uri, token } : undefined;
}

const Sealed = z.strictObject({ uri: z.string(), token: z.string() });

/** What {@link ClientManagement} was stored as. Its error tells nothing of the text. */
export function parseManagement(text: string): ClientManagement {
  const sealed = Sealed.safeParse(jsonOf(text));
  if (!sealed.success) throw new Error('A stored client is damaged, or was written by a newer version');
  return sealed.data;
}

function isFit(uri: string, rules: UrlRules): boolean {
  try {
    checkUrl(uri, rules);
    return true;
  } catch (error) {
    if (error instanceof EgressError) return false;
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

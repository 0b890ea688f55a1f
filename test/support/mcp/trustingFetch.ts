import { Agent, fetch as undiciFetch } from 'undici';

export interface TrustingFetch {
  fetch: typeof fetch;
  close(): Promise<void>;
}

/** A plain `fetch` that trusts one more root and sends some headers along: a client without any guard. */
export function trustingFetch(caPem: string, headers: Record<string, string> = {}): TrustingFetch {
  const dispatcher = new Agent({ connect: { ca: caPem } });
  const send = (url: string | URL, init: RequestInit = {}) => {
    const all = new Headers(init.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return undiciFetch(url, { ...(init as object), headers: [...all], dispatcher });
  };
  // The cast: undici's own types and the global ones differ, the objects do not.
  return { fetch: send as unknown as typeof fetch, close: () => dispatcher.destroy() };
}

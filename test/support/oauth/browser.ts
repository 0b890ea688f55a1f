import { trustingFetch } from '../mcp/trustingFetch.ts';

/** More than any honest consent takes. */
const MAX_HOPS = 20;

export interface Browser {
  /** One GET with this browser's cookies; keeps those that come back. Redirects are not followed. */
  get(url: string | URL): Promise<Response>;
  /**
   * Follows redirects from `url` until one leads to an address that `isDone`, which is answered, not visited.
   * @throws Error where a page ends the way instead, with its status
   */
  follow(url: string | URL, isDone: (url: URL) => boolean): Promise<URL>;
  close(): Promise<void>;
}

/** A person's browser as far as redirects and cookies go: one jar for each host and port. */
export function createBrowser(caPem: string): Browser {
  const { fetch, close } = trustingFetch(caPem);
  const jars = new Map<string, Map<string, string>>();

  const get = async (url: string | URL): Promise<Response> => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    for (const line of response.headers.getSetCookie()) keep(jar, line);
    return response;
  };

  const follow = async (start: string | URL, isDone: (url: URL) => boolean): Promise<URL> => {
    let url = new URL(start);
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      if (isDone(url)) return url;
      const response = await get(url);
      const location = response.headers.get('location');
      await response.body?.cancel();
      if (!location) throw new Error(`${url.origin}${url.pathname} answered ${response.status}`);
      url = new URL(location, url);
    }
    throw new Error(`${MAX_HOPS} redirects led nowhere`);
  };

  return { get, follow, close };
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const at = pair.indexOf('=');
  const name = pair.slice(0, at).trim();
  const expires = attributes.map(text => /^\s*expires=(.*)$/i.exec(text)?.[1]).find(Boolean);
  const gone = attributes.some(text => /^\s*max-age=(0|-)/i.test(text));
  if (gone || (expires && Date.parse(expires) <= Date.now())) jar.delete(name);
  else jar.set(name, pair.slice(at + 1));
}

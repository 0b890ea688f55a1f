import type { AuthorizationServer } from './authorizationServer.ts';

/** An answer to a browser. */
export interface Shown {
  status: number;
  headers: Headers;
  body: string;
  location: string;
}

/** A person with a browser of their own at the consent page and the callback. */
export interface Person {
  get(url: string | URL): Promise<Shown>;
  /** Posts the consent page's form; `headers` stand in for what the browser would say of itself. */
  post(consentUrl: string, headers?: Record<string, string>): Promise<Shown>;
  /** Opens the consent page and goes on; answers with the provider's address. */
  goOn(consentUrl: string): Promise<URL>;
  /** All the way through the provider, to the address of the callback, which is not visited yet. */
  consent(consentUrl: string, server: AuthorizationServer): Promise<URL>;
  cookie: string | undefined;
}

const OWN_FORM = { 'sec-fetch-site': 'same-origin' };

/** A new browser without cookies. */
export function newPerson(): Person {
  const shown = async (response: Response): Promise<Shown> => {
    const [set] = response.headers.getSetCookie();
    if (set) person.cookie = set.split(';')[0];
    const location = response.headers.get('location') ?? '';
    return { status: response.status, headers: response.headers, body: await response.text(), location };
  };
  const sent = (headers: Record<string, string>): Record<string, string> =>
    person.cookie === undefined ? headers : { ...headers, cookie: person.cookie };
  const person: Person = {
    cookie: undefined,
    async get(url) {
      return shown(await fetch(url, { redirect: 'manual', headers: sent({}) }));
    },
    async post(consentUrl, headers = OWN_FORM) {
      const url = new URL(consentUrl);
      const body = new URLSearchParams({ ticket: url.searchParams.get('ticket') ?? '' });
      const action = `${url.origin}${url.pathname}`;
      return shown(await fetch(action, { method: 'POST', body, redirect: 'manual', headers: sent(headers) }));
    },
    async goOn(consentUrl) {
      const page = await person.get(consentUrl);
      if (page.status !== 200) throw new Error(`The consent page answered ${page.status}`);
      const answer = await person.post(consentUrl);
      if (answer.status !== 303) throw new Error(`The form answered ${answer.status}: ${answer.body}`);
      return new URL(answer.location);
    },
    consent: async (consentUrl, server) => server.consent(await person.goOn(consentUrl)),
  };
  return person;
}

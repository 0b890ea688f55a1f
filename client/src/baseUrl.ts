/** Loopback: nothing leaves the machine. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address that paths are appended to: a server's, or that of a stage of an API Gateway API.
 * @throws TypeError for what is no such address, and for plain HTTP to another machine
 */
export function checkedBaseUrl(text: string, allowInsecureHttp: boolean): string {
  if (!URL.canParse(text)) throw new TypeError(`baseUrl must be an absolute URL, not "${text}".`);
  const url = new URL(text);
  if (!['https:', 'http:'].includes(url.protocol))
    throw new TypeError('baseUrl must begin with https:// or http://.');
  if (url.search || url.hash || url.username || url.password)
    throw new TypeError('baseUrl must have no query, fragment, user name or password.');
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !allowInsecureHttp)
    throw new TypeError(
      `baseUrl ${url.origin} is plain HTTP to another machine, which would show the credentials of your servers to ` +
        'the network. Use https://, or set allowInsecureHttp where the network is yours alone.',
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

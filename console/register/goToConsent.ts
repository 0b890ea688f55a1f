/** Leaves for the page of a consent. @throws Error for anything but a web page */
export function goToConsent(authorizationUrl: string): void {
  const { protocol } = new URL(authorizationUrl);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new Error(`The consent is at no web address: ${protocol}`);
  location.assign(authorizationUrl);
}

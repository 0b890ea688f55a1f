import type { APIGatewayProxyEvent } from 'aws-lambda';

/** The values of a request header, whatever its case. */
export function headerValues(event: APIGatewayProxyEvent, name: string): string[] {
  const many = Object.entries(event.multiValueHeaders ?? {}).filter(([key]) => key.toLowerCase() === name);
  if (many.length > 0) return many.flatMap(([, values]) => values ?? []);
  const one = Object.entries(event.headers ?? {}).filter(([key]) => key.toLowerCase() === name);
  return one.flatMap(([, value]) => (value === undefined ? [] : [value]));
}

/** All values of a query parameter. */
export function queryValues(event: APIGatewayProxyEvent, name: string): string[] {
  return event.multiValueQueryStringParameters?.[name] ?? [];
}

/** A field of a form that was posted, when it was sent once. */
export function formValue(event: APIGatewayProxyEvent, name: string): string | undefined {
  const text = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString('utf8');
  const values = new URLSearchParams(text).getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

/**
 * Whether a form comes from a page of this origin. Another site's form would skip the page that names who asks.
 * Browsers say so in `Sec-Fetch-Site`; those that do not know it, in `Origin`.
 */
export function isOwnForm(event: APIGatewayProxyEvent, publicBaseUrl: string): boolean {
  const [site] = headerValues(event, 'sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const [origin] = headerValues(event, 'origin');
  return origin === new URL(publicBaseUrl).origin;
}

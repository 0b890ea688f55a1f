import type { APIGatewayProxyResult } from 'aws-lambda';
import { type Html, html, page, pagePolicy } from './consentHtml.ts';

/** What every answer to a browser carries: addresses of these pages hold secrets. */
const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A page. `formTargets` are the sources that its form may lead to. */
export function pageAnswer(
  statusCode: number,
  title: string,
  body: Html,
  formTargets: readonly string[] = [],
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: {
      ...HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy(formTargets),
    },
    body: page(title, body),
  };
}

/** A page that says what went wrong and what to do; the request id finds the rest in the logs. */
export function problemAnswer(statusCode: number, message: string, requestId: string): APIGatewayProxyResult {
  return pageAnswer(
    statusCode,
    'Switchboard',
    html`<p>${message}</p>
<p><small>Request ${requestId}</small></p>`,
  );
}

/** Sends the browser on with a GET. */
export function redirectAnswer(
  location: string,
  headers: Record<string, string> = {},
): APIGatewayProxyResult {
  return { statusCode: 303, headers: { ...HEADERS, ...headers, location }, body: '' };
}

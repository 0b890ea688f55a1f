/**
 * What CloudFront does with a request before anything else, in its own JavaScript (cloudfront-js-2.0): all that is not
 * a file is the console's page, as the embedded server has it. Paths of the API pass, and so do their errors, which
 * error pages of a distribution would replace.
 */
export const CONSOLE_ROUTES = `function handler(event) {
  var request = event.request;
  var path = request.uri;
  if (path === '/console' || (path === '/' && request.method === 'GET')) {
    return {
      statusCode: 308,
      statusDescription: 'Permanent Redirect',
      headers: { location: { value: '/console/' } },
    };
  }
  var isFile = path.startsWith('/console/assets/') || path === '/console/config.json';
  if (path.startsWith('/console/') && !isFile) request.uri = '/console/index.html';
  return request;
}
`;

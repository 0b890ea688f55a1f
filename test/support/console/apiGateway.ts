import { signedHeaders } from '../../../client/src/sign.ts';
import type { RawRequest } from '../../../local/http/rawRequest.ts';
import { ROOT_KEY } from '../serverProcess.ts';
import { refusalOf, type SigningKey } from '../sigv4/verifySigned.ts';

/** Temporary credentials that AWS knows. */
export interface TemporaryKey extends SigningKey {
  /** Epoch milliseconds; they last for good when left out. */
  expiresAt?: number;
}

export interface ApiGatewayOptions {
  region: string;
  stage: string;
  keys: Map<string, TemporaryKey>;
  /** The embedded server that stands for the functions. */
  server: string;
}

export interface GatewayAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * A deployed stage of the API behind IAM: what is signed for its host, stage and region is passed on, signed anew as the
 * root user of an embedded server; the rest gets the gateway responses of the template.
 */
export function apiGateway({ region, stage, keys, server }: ApiGatewayOptions) {
  return async (request: RawRequest): Promise<GatewayAnswer> => {
    const why = await refusalOf(request, { region, service: 'execute-api', keys });
    const id = /Credential=([^/]+)\//.exec(String(Object.fromEntries(request.headers).authorization))?.[1];
    const { expiresAt = Number.POSITIVE_INFINITY } = keys.get(id ?? '') ?? {};
    if (why === 'unknown key') return refuse('UnrecognizedClientException', 'The security token is invalid');
    if (why !== undefined) return refuse('InvalidSignatureException', why);
    if (expiresAt <= Date.now())
      return refuse('UnrecognizedClientException', 'The security token is expired');
    const path = request.rawPath.slice(`/${stage}`.length);
    if (!request.rawPath.startsWith(`/${stage}/`)) return refuse('AccessDeniedException', 'Forbidden');
    return pass(request, server + path + (request.rawQuery && `?${request.rawQuery}`), region);
  };
}

async function pass(
  { method, headers, body }: RawRequest,
  url: string,
  region: string,
): Promise<GatewayAnswer> {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const toSign = {
    method,
    url,
    headers: type === undefined ? {} : { 'content-type': type },
    ...(body.length > 0 && { body: body.toString() }),
  };
  const signed = await signedHeaders(toSign, ROOT_KEY, { region, signingName: 'execute-api' });
  const answer = await fetch(url, { ...toSign, headers: signed });
  const named = ['content-type', 'x-amzn-errortype', 'x-amzn-requestid'].flatMap(name => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return {
    status: answer.status,
    headers: Object.fromEntries(named),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

function refuse(code: string, message: string): GatewayAnswer {
  return {
    status: 403,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: Buffer.from(JSON.stringify({ __type: code, message })),
  };
}

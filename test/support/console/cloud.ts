import { join } from 'node:path';
import { releaseOf } from '../../../scripts/deployConsole/release.ts';
import { upload } from '../../../scripts/deployConsole/upload.ts';
import { packageProject } from '../../infra/package.ts';
import { type Facts, resolved } from '../aws/resolved.ts';
import { type S3Server, startS3 } from '../aws/s3Server.ts';
import { PROJECT_ROOT } from '../engine.ts';
import { startTlsServer } from '../mcp/tlsServer.ts';
import { ensureConsoleBuilt } from '../serverBuild.ts';
import { apiGateway, type TemporaryKey } from './apiGateway.ts';
import { cloudFront } from './cloudFront.ts';
import { DEPLOYED } from './deployment.ts';

const BUCKET = 'the-console-bucket';

/** A console that was deployed from the template. */
export interface Cloud {
  /** Its origin. */
  url: string;
  /** Credentials that the API takes. */
  keys: Map<string, TemporaryKey>;
  s3: S3Server;
  close(): Promise<void>;
}

export interface CloudOptions {
  /** The embedded server that stands for the functions. */
  server: string;
  /** Any free one when left out. */
  port?: number;
  /** Parameters of the template, `name=value`; `consoleEnabled` is set. */
  params?: string[];
  /** What else the stack would have, and what stands here for AWS. */
  facts?: Facts;
}

/**
 * Deploys the console of a packaged template to stand-ins of S3, CloudFront and API Gateway on loopback, with the code
 * that deploys it to AWS.
 */
export async function deployCloud({ server, port, params = [], facts = {} }: CloudOptions): Promise<Cloud> {
  await ensureConsoleBuilt();
  const s3 = await startS3(BUCKET, { isWrittenOnce: false });
  let serve: ReturnType<typeof cloudFront> | undefined;
  const edge = await startTlsServer(
    (request, response) => {
      if (!serve) return void response.writeHead(503).end();
      void serve(request, response).catch(error => response.writeHead(502).end(String(error)));
    },
    port === undefined ? {} : { port },
  );
  const url = `https://127.0.0.1:${edge.port}`;
  const known = { ...DEPLOYED, 'ConsoleDistribution.DomainName': new URL(url).host, ...facts };
  const given = ['consoleEnabled=true', ...params];
  const packaged = await packageProject(...given.map(param => `--param=${param}`));
  const propertiesOf = (id: string) =>
    resolved(packaged.resources[id]?.Properties, known) as Record<string, never>;
  const keys = new Map<string, TemporaryKey>();
  serve = cloudFront(
    {
      config: propertiesOf('ConsoleDistribution').DistributionConfig,
      headers: propertiesOf('ConsoleHeaders').ResponseHeadersPolicyConfig,
      functionCode: String(propertiesOf('ConsoleRoutes').FunctionCode),
    },
    { s3, api: apiGateway({ region: 'us-east-1', stage: 'dev', keys, server }) },
  );
  const config = String(resolved(packaged.outputs.ConsoleConfig?.Value, known));
  packaged.remove();
  await upload(s3.client, BUCKET, releaseOf(join(PROJECT_ROOT, 'dist', 'console'), config));
  return {
    url,
    keys,
    s3,
    async close() {
      await edge.close();
      await s3.close();
    },
  };
}

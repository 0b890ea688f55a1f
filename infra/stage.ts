import { accessLogSetting } from './accessLog.ts';
import { numberParam, type Resolver } from './params.ts';

/** The deployment of the API has another logical id each time that the project is packaged. */
export async function deploymentId({ resolveVariable }: Resolver): Promise<string> {
  return `ApiGatewayDeployment${await resolveVariable('sls:instanceId')}`;
}

/**
 * What the API's stage is made with: limits of all callers together, below which the account's own would be used up
 * for everything else in it, traces, and a log of requests.
 */
export async function stageSettings(resolver: Resolver): Promise<object> {
  const [rate, burst] = await Promise.all([
    numberParam(resolver, 'throttlingRate', 1, 100_000),
    numberParam(resolver, 'throttlingBurst', 1, 100_000),
  ]);
  const all = { HttpMethod: '*', ResourcePath: '/*' };
  return {
    TracingEnabled: true,
    AccessLogSetting: accessLogSetting,
    MethodSettings: [{ ...all, ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }],
  };
}

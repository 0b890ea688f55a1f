import { Logger } from '@aws-lambda-powertools/logger';

/** Structured logs of chosen fields (AWS Lambda Powertools); no header or body ever gets here whole. */
export function structuredLog(): (event: string, fields: Record<string, string | number | boolean>) => void {
  const logger = new Logger({ serviceName: 'switchboard' });
  return (event, fields) => logger.info(event, fields);
}

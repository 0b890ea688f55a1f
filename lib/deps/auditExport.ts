import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterQueue } from '../auditExport/deadLetters.ts';
import { eventBus } from '../auditExport/eventBus.ts';
import type { ExportDeps } from '../auditExport/exportStream.ts';
import { logStream } from '../auditExport/logStream.ts';
import { structuredLog } from '../log/structuredLog.ts';
import { CLIENT_LIMITS } from './clientLimits.ts';
import { coreDeps } from './core.ts';
import { once } from './once.ts';
import { required } from './provided.ts';

/** What the export of audit events needs. */
export const exportDeps = once((): ExportDeps => {
  const core = coreDeps();
  const settings = { region: core.config.region, ...CLIENT_LIMITS };
  return {
    ...core,
    bus: eventBus(new EventBridgeClient(settings), required('AUDIT_EVENT_BUS'), core),
    logs: logStream(
      new CloudWatchLogsClient(settings),
      required('AUDIT_LOG_GROUP'),
      // Lambda's own name of this process: two of them never write to one stream.
      required('AWS_LAMBDA_LOG_STREAM_NAME'),
    ),
    deadLetters: deadLetterQueue(new SQSClient(settings), required('AUDIT_DEAD_LETTERS_URL')),
    log: structuredLog(),
  };
});

/**
 * Writes the operation table as a botocore service model (`npm run aws-model`), so that the stock AWS CLI and
 * SDKs know every operation, ours included.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationList } from '../lib/api/operations.ts';
import { API_VERSION, paginators, SERVICE_NAME, serviceModel } from './awsModel/model.ts';

/** Where botocore looks below a data path: `<service>/<version>/`. */
export const MODEL_FOLDER = `aws-model/${SERVICE_NAME}/${API_VERSION}`;

/** The model's files by path below the project's folder, as they are committed. */
export function modelFiles(): Record<string, string> {
  return {
    [`${MODEL_FOLDER}/service-2.json`]: json(serviceModel(operationList)),
    [`${MODEL_FOLDER}/paginators-1.json`]: json(paginators(operationList)),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const HELP = `
Install it for the AWS CLI (again after each change):
  aws configure add-model --service-name ${SERVICE_NAME} --service-model file://${MODEL_FOLDER}/service-2.json
or, with pagination too, point the CLI and boto3 at the folder:
  export AWS_DATA_PATH="$PWD/aws-model"
Then, with the embedded server's address or your API's stage URL:
  aws ${SERVICE_NAME} list-services --endpoint-url http://127.0.0.1:4100
or once for all: export AWS_ENDPOINT_URL_SWITCHBOARD=http://127.0.0.1:4100
`;

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  mkdirSync(join(root, MODEL_FOLDER), { recursive: true });
  for (const [path, text] of Object.entries(modelFiles())) {
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
  console.log(HELP);
}

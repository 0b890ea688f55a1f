import { attribute, join } from './cloudformation.ts';

export const tableArn = attribute('Table', 'Arn');
export const tableIndexesArn = join(attribute('Table', 'Arn'), '/index/*');

import { arn, attribute, join } from './cloudformation.ts';

export const tableArn = attribute('Table', 'Arn');
export const tableIndexesArn = join(attribute('Table', 'Arn'), '/index/*');

/** The log groups of this stack's functions; osls resolves the name. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
export const logGroupsArn = arn('logs', 'log-group:/aws/lambda/${self:service}-${sls:stage}-*:*');

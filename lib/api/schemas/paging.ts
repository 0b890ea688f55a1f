import * as z from 'zod';

export const MaxResults = z.coerce
  .number<string | number>('must be a whole number from 1 to 100')
  .int('must be a whole number from 1 to 100')
  .min(1, 'must be at least 1')
  .max(100, 'must be at most 100')
  .meta({ id: 'MaxResults' });

export const NextToken = z.string().min(1).max(2048).meta({ id: 'NextToken' });

/** Input members of operations that answer in pages. */
export const page = { maxResults: MaxResults.optional(), nextToken: NextToken.optional() };
export const PAGE_QUERY = ['maxResults', 'nextToken'] as const;

import * as z from 'zod';
import { operation } from '../operation.ts';
import { LookupEventsResponse, lookupEventsMembers } from '../schemas/trail.ts';

export const LookupEvents = operation({
  name: 'LookupEvents',
  method: 'POST',
  path: '/',
  protocol: 'awsJson1_1',
  status: 200,
  input: z.strictObject(lookupEventsMembers),
  output: LookupEventsResponse,
  access: 'read',
  extension: false,
  errors: [
    'InvalidLookupAttributesException',
    'InvalidTimeRangeException',
    'InvalidMaxResultsException',
    'InvalidNextTokenException',
    'InvalidEventCategoryException',
  ],
  fieldErrors: {
    LookupAttributes: 'InvalidLookupAttributesException',
    StartTime: 'InvalidTimeRangeException',
    EndTime: 'InvalidTimeRangeException',
    MaxResults: 'InvalidMaxResultsException',
    NextToken: 'InvalidNextTokenException',
    EventCategory: 'InvalidEventCategoryException',
  },
  summary: 'Looks up management events of the last 90 days by one attribute and a time range, newest first.',
});

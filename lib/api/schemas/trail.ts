import * as z from 'zod';

/** CloudTrail takes dates as epoch seconds (awsJson1_1); ISO strings are taken too, for people with curl. */
const EventDate = z
  .union([z.number(), z.iso.datetime({ offset: true })], 'must be epoch seconds')
  .transform(value => (typeof value === 'number' ? value * 1000 : Date.parse(value)))
  .meta({ id: 'EventDate', type: 'number', 'x-timestamp': true });

const EpochSeconds = z.number().meta({ id: 'EpochSeconds', 'x-timestamp': true });

export const LookupAttributeKey = z
  .enum([
    'EventId',
    'EventName',
    'ReadOnly',
    'Username',
    'ResourceType',
    'ResourceName',
    'EventSource',
    'AccessKeyId',
  ])
  .meta({ id: 'LookupAttributeKey' });

export const LookupAttribute = z
  .strictObject({ AttributeKey: LookupAttributeKey, AttributeValue: z.string().max(2000) })
  .meta({ id: 'LookupAttribute' });

export const lookupEventsMembers = {
  LookupAttributes: z.array(LookupAttribute).meta({ id: 'LookupAttributesList' }).optional(),
  StartTime: EventDate.optional(),
  EndTime: EventDate.optional(),
  EventCategory: z.enum(['insight']).optional(),
  MaxResults: z.int().min(1).max(50).optional(),
  NextToken: z.string().optional(),
};

const Resource = z
  .object({ ResourceType: z.string().optional(), ResourceName: z.string().optional() })
  .meta({ id: 'EventResource' });

export const LookupEventsResponse = z.object({
  Events: z
    .array(
      z
        .object({
          EventId: z.string(),
          EventName: z.string(),
          ReadOnly: z.string(),
          AccessKeyId: z.string().optional(),
          EventTime: EpochSeconds,
          EventSource: z.string(),
          Username: z.string().optional(),
          Resources: z.array(Resource).meta({ id: 'EventResourceList' }),
          CloudTrailEvent: z.string(),
        })
        .meta({ id: 'Event' }),
    )
    .meta({ id: 'EventsList' }),
  NextToken: z.string().optional(),
});

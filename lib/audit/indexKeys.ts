/** DynamoDB's limit of a partition key is 2,048 bytes; no event has a name, user, key or ARN this long. */
const MAX_VALUE_BYTES = 1_024;

/** Partition keys of the indexes over one month of an account's events. The value comes last: it may hold `#`. */
export function indexKeys(accountId: string, month: string) {
  const prefix = `A#${accountId}#${month}`;
  return {
    name: (eventName: string) => `${prefix}#NAME#${eventName}`,
    user: (userName: string) => `${prefix}#USER#${userName}`,
    accessKey: (accessKeyId: string) => `${prefix}#KEY#${accessKeyId}`,
    /** By the resource's id in `gsi1`, by its ARN in `gsi2`. */
    resource: (idOrArn: string) => `${prefix}#RES#${idOrArn}`,
  };
}

/** Whether the store could hold a key made of this value at all. */
export function canBeKey(value: string): boolean {
  return value !== '' && value.isWellFormed() && Buffer.byteLength(value) <= MAX_VALUE_BYTES;
}

/** How Switchboard names itself to servers. */
export const CLIENT_INFO = { name: 'switchboard', version: '0.1.0' } as const;

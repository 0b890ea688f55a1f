import { CLIENT_INFO } from '../mcp/clientInfo.ts';

/** How Switchboard names itself to agents: as it does to servers. */
export const SERVER_INFO = { ...CLIENT_INFO, title: 'Switchboard' } as const;

/** What a process of agents needs of the server that started it. */
export interface Begin {
  type: 'begin';
  /** The server's settings as it was given them. */
  env: Record<string, string>;
  /** Where it is, and its database. */
  publicUrl: string;
  databaseEndpoint: string;
  dataDir: string;
  /** Text of the key file as the server read it: a rotation since is for all of its processes' next start. */
  keyFile: string;
  keyFilePath: string;
  /** The server's own names, as `host:port`. */
  ownHosts: readonly string[];
}

/** Somebody cancelled a call that another process may have. */
export interface Cancel {
  type: 'cancel';
  key: string;
}

/** What a server tells its processes of agents. */
export type FromServer = Begin | Cancel | { type: 'stop' };

/** What these tell the server: that they listen for messages, that they serve, or why they cannot. */
export type FromProcess =
  | { type: 'online' }
  | { type: 'serving'; port: number; url: string }
  | { type: 'failed'; message: string }
  | Cancel;

/** Where an agent connects to. */
export interface Endpoint {
  url: string;
  token: string;
}

/** A result of a call as a client hands it to its agent. */
export interface AgentResult {
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the client makes of it
  content: any[];
  structuredContent?: unknown;
  isError?: boolean;
}

export interface Progress {
  progress: number;
  total?: number | undefined;
}

/** An MCP client as an agent uses it. */
export interface AgentClient {
  /** Names of all tools, in the order of the list. */
  list(): Promise<string[]>;
  /** Rejects with the words of a refusal in its message. */
  call(
    name: string,
    args?: Record<string, unknown>,
    onProgress?: (progress: Progress) => void,
  ): Promise<AgentResult>;
  close(): Promise<void>;
}

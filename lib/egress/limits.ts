/** Bounds of every outbound request. Times in milliseconds, sizes in bytes. */
export interface EgressLimits {
  resolveTimeoutMs: number;
  connectTimeoutMs: number;
  bodyIdleTimeoutMs: number;
  headerBytes: number;
  pools: number;
  poolAgeMs: number;
  connectionsPerPool: number;
  redirects: number;
}

export const egressLimits: EgressLimits = {
  /** A resolver's usual time-out is 5 s per try; a name that needs longer spends the whole validation budget. */
  resolveTimeoutMs: 5_000,
  /** Applies to TCP and to TLS in turn; three lost SYN packets take 7 s. */
  connectTimeoutMs: 10_000,
  /** Event streams are silent between messages; common servers send a keep-alive comment well within this. */
  bodyIdleTimeoutMs: 300_000,
  /** Twice Node's own default of 16 KiB: policies and cookies of large sites exceed that, nothing honest this. */
  headerBytes: 32_768,
  /** About 1 KB each when idle; beyond this the pool that rested longest is closed. */
  pools: 256,
  /** Names are resolved and judged anew at least this often (security rule). */
  poolAgeMs: 300_000,
  /** Three times what calls of one registration may hold: others at its origin, and its own refresh, go on beside it. */
  connectionsPerPool: 192,
  /** A moved endpoint needs one hop, a load balancer in front of it a second. */
  redirects: 3,
};

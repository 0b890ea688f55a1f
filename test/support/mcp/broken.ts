import { httpFaults } from './brokenHttp.ts';
import { mcpFaults } from './brokenMcp.ts';
import { tlsFaults } from './brokenTls.ts';
import type { PeerOptions } from './tlsServer.ts';

const faults = { ...tlsFaults, ...httpFaults, ...mcpFaults };

/** Each names one behaviour; what it does is told beside its entry in the three tables. */
export type FaultName = keyof typeof faults;

export const FAULT_NAMES = Object.keys(faults) as FaultName[];

/** Starts a server on loopback that has one fault. */
export function startBroken<Name extends FaultName>(
  name: Name,
  options: PeerOptions = {},
): ReturnType<(typeof faults)[Name]> {
  return faults[name](options) as ReturnType<(typeof faults)[Name]>;
}

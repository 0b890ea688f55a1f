import { advance } from './clock.ts';

// Loaded into a server's process before anything else: its clock is ahead from the start, and then goes like any other.
advance(Number(process.env.CLOCK_AHEAD_MS));

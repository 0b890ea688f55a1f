import { setFlagsFromString } from 'node:v8';

// Loaded into a server ahead of its own code (`--import`): V8 tells of each collection on standard output.
setFlagsFromString('--trace-gc');

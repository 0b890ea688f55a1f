import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Loaded into a server ahead of its own code (`--import`): at SIGUSR2 it collects its garbage and writes the bytes that
 * are left into the file that HEAP_FILE and its pid name.
 */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(`${process.env.HEAP_FILE}.${process.pid}`, String(heapUsed + external));
});

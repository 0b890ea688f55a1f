import { afterAll } from 'vitest';
import { removeCaFile } from './caFile.ts';

// What test files share leaves nothing behind.
afterAll(removeCaFile);

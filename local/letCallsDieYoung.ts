import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 allocate everything in its young generation. Where much outlived its first collections, as all calls under way
 * do while a process warms up and that generation is small, V8 would from then on allocate the like in the old one:
 * each such object keeps its whole call until a full collection. To be called before the first request.
 */
export function letCallsDieYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

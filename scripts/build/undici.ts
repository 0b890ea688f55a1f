import type { Plugin } from 'esbuild';

/**
 * Undici's own entry brings fetch, WebSocket, caches and mocks, a quarter of a megabyte that no function uses: these are
 * the modules behind what lib/egress imports from it.
 */
const PARTS = `
export { default as buildConnector } from 'undici/lib/core/connect.js';
export { default as Pool } from 'undici/lib/dispatcher/pool.js';
`;

/** Takes what is imported from undici out of the modules that it is in. Anything else fails the build. */
export const undiciParts: Plugin = {
  name: 'undici-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, ({ resolveDir }) => ({
      path: 'undici',
      namespace: 'undici-parts',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: 'undici-parts' }, ({ pluginData: resolveDir }) => ({
      contents: PARTS,
      resolveDir,
    }));
  },
};

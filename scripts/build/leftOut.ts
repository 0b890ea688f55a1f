import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const inPlace = (file: string) => join(import.meta.dirname, file);

/** Modules that others take the place of, in every bundle of Node's code. */
export const ALIASES = {
  '@modelcontextprotocol/client/_shims': inPlace('mcpShims.ts'),
  '@modelcontextprotocol/server/_shims': inPlace('mcpShims.ts'),
  'asn1.js': inPlace('noAsn1.ts'),
};

/** undici's own switch for bundles without Milo, its second and experimental parser of HTTP. */
export const DEFINITIONS = { esbuildDetection: 'true' };

/** Curves of ECDSA, which the AWS Encryption SDK computes with at its import. See noAsn1.ts. */
export const withoutCurves = leftOut(
  /[\\/]material-management[\\/]build[\\/]module[\\/]src[\\/]ecc_decode\.js$/,
  'export const decodeNamedCurves = Object.freeze({});',
);

/** undici's parser of HTTP for machines without SIMD instructions for WebAssembly. Lambda's all have them. */
export const withoutFallbacks = leftOut(
  /[\\/]undici[\\/]lib[\\/]llhttp[\\/]llhttp-wasm\.js$/,
  "throw new Error('This build is for machines with SIMD instructions for WebAssembly.');",
);

function leftOut(filter: RegExp, contents: string): Plugin {
  return {
    name: `without ${filter.source}`,
    setup({ onLoad }) {
      onLoad({ filter }, () => ({ contents }));
    },
  };
}

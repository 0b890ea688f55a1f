import type { Plugin } from 'esbuild';

/** undici's parser of HTTP for machines without SIMD instructions for WebAssembly. Lambda's all have them. */
const PARSER_WITHOUT_SIMD = /[\\/]undici[\\/]lib[\\/]llhttp[\\/]llhttp-wasm\.js$/;

/** Leaves out of functions what takes over on machines that Lambda does not have. */
export const withoutFallbacks: Plugin = {
  name: 'without fallbacks',
  setup({ onLoad }) {
    onLoad({ filter: PARSER_WITHOUT_SIMD }, () => ({
      contents: "throw new Error('This build is for machines with SIMD instructions for WebAssembly.');",
    }));
  },
};

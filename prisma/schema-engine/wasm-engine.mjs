/** Loads Prisma's schema engine from its WebAssembly package, in the way its bundlers' glue expects. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

const require = createRequire(import.meta.url);
const BINDINGS_PATH = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');

/** The engine's class; call once a process. */
export function loadSchemaEngine() {
  // The engine reports a Rust panic by calling this well-known global before it traps.
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    message: '',
    set_message(text) {
      this.message = `RuntimeError: ${text}`;
    },
  };
  const module = new WebAssembly.Module(readFileSync(BINDINGS_PATH.replace(/\.js$/, '.wasm')));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings.SchemaEngine;
}

/** The engine's last panic, or an empty string. */
export function readPanicMessage() {
  return globalThis.PRISMA_WASM_PANIC_REGISTRY?.message ?? '';
}

export function readEngineVersion() {
  return JSON.parse(readFileSync(join(dirname(BINDINGS_PATH), 'package.json'), 'utf8')).version;
}

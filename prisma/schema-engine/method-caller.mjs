/** Calls the methods of the WebAssembly engine in the order and by the names that Prisma's CLI counts on. */
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { createDatabase, readClientConfig } from './database-commands.mjs';
import { EngineAdapterFactory } from './engine-adapter.mjs';
import { loadSchemaEngine } from './wasm-engine.mjs';

/** Methods whose name differs between the RPC and the WebAssembly. */
const RENAMED = { getDatabaseVersion: 'version' };
/** These read the replayed migrations from a cache that only devDiagnostic fills … */
const READS_REPLAY = new Set(['evaluateDataLoss', 'createMigration']);
/** … and that these clear. */
const CLEARS_REPLAY = new Set(['applyMigrations', 'reset', 'schemaPush', 'dbExecute']);

/** `url` of the database, `datamodels` as [path, text] pairs, `print` for what the CLI shall show. */
export function createMethodCaller({ url, datamodels, print }) {
  const shadows = new Set();
  const openEngine = async () => {
    const factory = new EngineAdapterFactory(readClientConfig(url), shadows);
    return loadSchemaEngine().new(
      { datamodels: datamodels.length > 0 ? datamodels : undefined },
      () => {},
      bindMigrationAwareSqlAdapterFactory(factory),
    );
  };
  let opening;
  let replayed = false;

  async function call(method, params) {
    if (method === 'createDatabase') return createDatabase(params.datasource.url ?? url);
    opening ??= openEngine();
    const engine = await opening;
    if (READS_REPLAY.has(method) && !replayed) {
      await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
      replayed = true;
    }
    const result = await engine[RENAMED[method] ?? method](params);
    if (method === 'devDiagnostic') replayed = true;
    if (CLEARS_REPLAY.has(method)) replayed = false;
    if (method === 'diff' && result.stdout) print(result.stdout);
    return result;
  }

  /** Called after a panic, when the engine can no longer dispose of its connections itself. */
  async function dropShadowDatabases() {
    for (const drop of shadows) await drop().catch(() => {});
  }

  return { call, dropShadowDatabases };
}

/**
 * Prisma's own settings. The schema engine that Prisma would download is replaced by its WebAssembly
 * build from npm (prisma/schema-engine.mjs), so that nothing comes from outside the registry.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

if (process.platform !== 'win32') {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(
    new URL('./prisma/schema-engine.mjs', import.meta.url),
  );
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // `generate` needs no database; the commands that need one are always given DATABASE_URL.
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://unset.invalid/unset' },
});

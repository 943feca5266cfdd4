/**
 * An import of a dataset (`named-data-set.ts`) into an empty database: patches a second (aim: 0.75 of sharp alone), peak
 * memory and refused files, next to what sharp alone decodes in the same process.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureBesideSharp, printImportRate } from './import-rate.ts';
import { findNamedDataSet } from './named-data-set.ts';

const path = await findNamedDataSet(process.argv[2]);
const homeDir = await mkdtemp(join(tmpdir(), 'microtome-bench-import-'));
try {
  console.log(JSON.stringify(printImportRate(await measureBesideSharp({ path }, homeDir))));
} finally {
  await rm(homeDir, { recursive: true, force: true });
}

/**
 * How fast an import goes into an empty database of its own, and how fast sharp alone decodes patches of the same source:
 * half of them before the import and half after it, since a machine is not equally fast all the time.
 */
import { join } from 'node:path';
import { isImageName } from '@microtome/domain/source/file-path';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { openDatabase } from '@microtome/store/database/database';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { importDataset } from '@microtome/store/import/import-dataset';
import { configureDecoder } from '@microtome/store/import/pixels/decode-patch';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import sharp from 'sharp';

/** In all, evenly spread over the source. */
const SHARP_ALONE_PATCHES = 20_000;
const SHARP_ALONE_IN_FLIGHT = 8;

type ImportInput = Omit<Parameters<typeof importDataset>[0], 'database' | 'artifacts'>;
type Measured = Awaited<ReturnType<typeof measureBesideSharp>>;
type Rate = { patchesPerSecond: number; cpuSecondsPerThousand: number };

async function measureImport(input: ImportInput, homeDir: string) {
  const postgres = await startEmbeddedPostgres({ homeDir, durable: false });
  const database = openDatabase({ databaseUrl: postgres.databaseUrl });
  try {
    await migrateDatabase(postgres.databaseUrl);
    const artifacts = openArtifactStore(`file:${join(homeDir, 'artifacts')}`);
    const cpuBefore = process.cpuUsage();
    const { report } = await importDataset({ ...input, database, artifacts });
    const cpu = process.cpuUsage(cpuBefore);
    return {
      patchesPerSecond: report.decodedFiles / report.decodeSeconds,
      cpuSecondsPerThousand: (cpu.user + cpu.system) / 1e3 / report.decodedFiles,
      seconds: report.seconds,
      decodeSeconds: report.decodeSeconds,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      patches: report.patchCount,
      strips: report.stripCount,
      refused: report.refusedCount,
    };
  } finally {
    await database.close();
    await postgres.stop();
  }
}

/** An import between two measurements of sharp alone. */
export async function measureBesideSharp(input: ImportInput, homeDir: string) {
  configureDecoder();
  const before = await measureSharpAlone(input.path, 0);
  const imported = await measureImport(input, homeDir);
  const after = await measureSharpAlone(input.path, 1);
  return { imported, alone: [before, after] as const };
}

/**
 * Pixels as sharp gives them, nothing checked, packed or written. It reads the files of a folder by itself; those of a
 * zip are in memory beforehand, since it cannot.
 */
async function measureSharpAlone(path: string, half: 0 | 1): Promise<Rate> {
  const patches = await listSome(path, half);
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  const queue = patches.values();
  const decodeQueue = async () => {
    for (const patch of queue) await sharp(patch).raw().toBuffer();
  };
  await Promise.all(Array.from({ length: SHARP_ALONE_IN_FLIGHT }, decodeQueue));
  const seconds = (performance.now() - startedAtMs) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuSecondsPerThousand = (cpu.user + cpu.system) / 1e3 / patches.length;
  return { patchesPerSecond: patches.length / seconds, cpuSecondsPerThousand };
}

/** The table that an import is judged by. */
export function printImportRate({ imported, alone: sittings }: Measured) {
  const mean = (of: keyof Rate) => sittings.reduce((sum, rate) => sum + rate[of], 0) / sittings.length;
  const alone: Rate = {
    patchesPerSecond: mean('patchesPerSecond'),
    cpuSecondsPerThousand: mean('cpuSecondsPerThousand'),
  };
  const share = imported.patchesPerSecond / alone.patchesPerSecond;
  const cpuShare = alone.cpuSecondsPerThousand / imported.cpuSecondsPerThousand;
  console.table({
    'import: patches decoded and packed a second': Math.round(imported.patchesPerSecond),
    'sharp alone: patches a second': Math.round(alone.patchesPerSecond),
    'share of sharp alone': share.toFixed(2),
    'processor ms a patch: import': imported.cpuSecondsPerThousand.toFixed(3),
    'processor ms a patch: sharp alone, before / after': sittings
      .map(({ cpuSecondsPerThousand }) => cpuSecondsPerThousand.toFixed(3))
      .join(' / '),
    'share by processor time': cpuShare.toFixed(2),
    'seconds in all, saving included': imported.seconds.toFixed(1),
    'peak memory in MB (limit: 600)': Math.round(imported.peakMemoryBytes / 1e6),
    'patches / edge strips / refused': `${imported.patches} / ${imported.strips} / ${imported.refused}`,
  });
  return { ...imported, sharpAlone: sittings, share, cpuShare };
}

/** Paths of files, or the bytes of those in a zip. */
async function listSome(path: string, half: 0 | 1): Promise<(string | Uint8Array)[]> {
  const source = await openPatchSource(path);
  const files = await source.scan({ refuse: () => {}, signal: new AbortController().signal });
  const pictures = files.filter((file) => isImageName(file.path));
  const step = Math.max(1, Math.floor(pictures.length / SHARP_ALONE_PATCHES));
  const patches: (string | Uint8Array)[] = [];
  for (const file of pictures.filter((_, at) => at % step === 0 && (at / step) % 2 === half)) {
    const bytes = file.diskPath ? null : await file.read();
    if (file.diskPath) patches.push(file.diskPath);
    else if (bytes?.ok) patches.push(bytes.value);
  }
  await source.close();
  return patches;
}

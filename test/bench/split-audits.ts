/**
 * A dataset imported, split in three ways and audited, side by side: by patient, by patch as the tutorials do, and by
 * patch with 10 % held out. The dataset is that of `named-data-set.ts`. Prints the table of docs/leakage-audit.md and,
 * as its last line, one JSON object with times and peak memory.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import type { Split } from '@microtome/store/generated/prisma/client';
import { importDataset } from '@microtome/store/import/import-dataset';
import { createSplit } from '@microtome/store/split/create-split';
import { auditStoredSplit } from '@microtome/store/split/split-audit';
import type { SplitRequest } from '@microtome/store/split/split-rows';
import { openStore } from '@microtome/store/store';
import { findNamedDataSet } from './named-data-set.ts';

const TENTH = { train: 0.9, validation: 0.05, test: 0.05 };
const SPLITS: { title: string; request: Omit<SplitRequest, 'datasetId'> }[] = [
  { title: 'by patient, 60/20/20', request: { strategy: 'PATIENT_STRATIFIED', seed: 1 } },
  { title: '`RANDOM_PATCH`, 60/20/20', request: { strategy: 'RANDOM_PATCH', seed: 1 } },
  {
    title: '`RANDOM_PATCH`, 10 % held out',
    request: { strategy: 'RANDOM_PATCH', seed: 1, fractions: TENTH },
  },
];

const path = await findNamedDataSet(process.argv[2]);
if (!existsSync(path)) {
  console.log(`There is no ${path}: name a folder or zip in the IDC layout.\nnull`);
  process.exit();
}
const homeDir = await mkdtemp(join(tmpdir(), 'microtome-bench-audits-'));
const postgres = await startEmbeddedPostgres({ homeDir, durable: false });
try {
  await migrateDatabase(postgres.databaseUrl);
  const store = await openStore({
    databaseUrl: postgres.databaseUrl,
    artifactUrl: `file:${join(homeDir, 'artifacts')}`,
  });
  const imported = await clock(() => importDataset({ ...store, path }));
  const { datasetId, report } = imported.result;
  console.error(
    `Imported ${report.patchCount} patches: ${imported.seconds.toFixed(0)} s, ${peakMegabytes()} MB.`,
  );
  const audited = [];
  for (const { title, request } of SPLITS) {
    const made = await clock(() => createSplit(store, { datasetId, ...request }));
    const split = made.result[0]!;
    const {
      result: audit,
      seconds,
      cpuSeconds,
    } = await clock(() => auditStoredSplit(store, { splitId: split.id }));
    console.error(
      `${title}: split ${made.seconds.toFixed(1)} s, audit ${seconds.toFixed(0)} s, ${peakMegabytes()} MB.`,
    );
    audited.push({ title, split, audit, seconds, cpuSeconds });
  }
  await store.close();
  printTable(audited);
  const audits = audited.map(({ title, audit, seconds, cpuSeconds }) => ({
    title,
    audit,
    seconds,
    cpuSeconds,
  }));
  const figures = { patches: report.patchCount, importSeconds: imported.seconds, audits };
  console.log(JSON.stringify({ ...figures, peakMegabytes: peakMegabytes() }));
} finally {
  await postgres.stop();
  await rm(homeDir, { recursive: true, force: true });
}

async function clock<Result>(work: () => Promise<Result>) {
  const before = process.cpuUsage();
  const startMs = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (performance.now() - startMs) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** Of this process since its start. */
function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

type Audited = { title: string; split: Split; audit: SplitAudit };

function printTable(audited: Audited[]): void {
  const count = (value: number | null) => (value === null ? 'not searched' : value.toLocaleString('en-US'));
  const metric = (value: number | null) => value?.toFixed(3) ?? '–';
  const ofHeldOut = (value: number, { heldOut }: SplitAudit) => `${count(value)} of ${count(heldOut)}`;
  const rows: [string, (one: Audited) => string][] = [
    ['verdict', ({ audit }) => (audit.passed ? '**passed**' : '**failed**')],
    [
      'patches in TRAIN / VALIDATION / TEST',
      ({ split }) =>
        [split.trainPatches, split.validationPatches, split.testPatches]
          .map((side) => count(side))
          .join(' / '),
    ],
    ['patients on several sides', ({ audit }) => count(audit.patientsOnSeveralSides)],
    ['patches with the very same pixels across sides', ({ audit }) => count(audit.identicalAcrossSides)],
    ['pairs of near-identical patches across sides', ({ audit }) => count(audit.nearIdenticalAcrossSides)],
    ['held-out patches that touch a TRAIN patch', ({ audit }) => ofHeldOut(audit.neighboursInTrain, audit)],
    ['answered without looking at a pixel', ({ audit }) => ofHeldOut(audit.noPixelBaseline.answered, audit)],
    ['balanced accuracy without pixels', ({ audit }) => metric(audit.noPixelBaseline.balancedAccuracy)],
    ['AUC without pixels', ({ audit }) => metric(audit.noPixelBaseline.auc)],
    ...(['whole', 'sparse'] as const).map((kind): (typeof rows)[number] => [
      `balanced accuracy on ${kind} slides (patients)`,
      ({ audit }) => {
        const { balancedAccuracy, patients } = audit.noPixelBaseline[kind];
        return patients === 0 ? '–' : `${metric(balancedAccuracy)} (${patients})`;
      },
    ]),
  ];
  console.log(`| | ${audited.map(({ title }) => title).join(' | ')} |`);
  console.log(`|---|${audited.map(() => '---:|').join('')}`);
  for (const [label, cell] of rows) console.log(`| ${label} | ${audited.map(cell).join(' | ')} |`);
}

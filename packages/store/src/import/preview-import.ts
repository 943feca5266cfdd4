/** What an import would bring in, told from names and tables alone: no picture is opened and nothing is written. */
import type { LayoutName } from '@microtome/domain/source/layout/layout';
import { MANIFEST_KEYS, type ManifestKey } from '@microtome/domain/source/manifest/manifest-columns';
import { type FactSummary, summariseFacts } from '@microtome/domain/source/summarise-facts';
import { chooseSource, findLayout, readSource, type SourceReading } from './facts/read-source.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import { createRefusalLog } from './refusal-log.ts';
import { openPatchSource } from './source/open-patch-source.ts';

const ROWS_SHOWN = 10;
const REFUSALS_SHOWN = 20;
const PATHS_SHOWN = 20;

type ManifestPreview = {
  /** In the table's order, with the key that each was taken for. */
  columns: { name: string; key: ManifestKey | null }[];
  /** The first rows, as many cells as there are columns. */
  rows: { line: number; cells: (string | null)[] }[];
  rowCount: number;
  rowsWithoutFile: number;
  filesWithoutRow: number;
  filesTwice: number;
};

export type ImportPreview = FactSummary & {
  /** Null where a manifest tells. */
  layout: { name: LayoutName; title: string; remarks: readonly string[] } | null;
  manifest: ManifestPreview | null;
  fileCount: number;
  refusedCount: number;
  refusedByCode: Partial<Record<RefusalCode, number>>;
  /** The first of them, by path. */
  refusals: Refusal[];
  /** Some of the files, evenly spread, with the patient that each is taken to be of. */
  samples: { path: string; patient: string | null; className: string | null }[];
};

type PreviewRequest = {
  path: string;
  /** Null or left out: as detected. */
  layout?: string | null;
  manifest?: string | null;
  map?: readonly string[] | null;
  magnification?: number | null;
  signal?: AbortSignal;
};

/** @throws AppError as an import of it would before it opens a picture */
export async function previewImport({ path, signal, ...wishes }: PreviewRequest): Promise<ImportPreview> {
  const choices = chooseSource(wishes);
  const refusalLog = createRefusalLog();
  const source = await openPatchSource(path);
  try {
    const abort = signal ?? new AbortController().signal;
    const refuse = refusalLog.add;
    const files = await source.scan({ refuse, signal: abort });
    const layout = findLayout(files, choices);
    const reading = await readSource({ source, files, layout, choices, refuse, signal: abort });
    await reading.close();
    const { manifest, fileCount, told } = reading;
    return {
      ...summariseFacts(told),
      layout: reading.layout && { name: layout.name, title: layout.title, remarks: layout.remarks },
      manifest: manifest && describeManifest(manifest),
      fileCount,
      refusedCount: refusalLog.count(),
      refusedByCode: refusalLog.countsByCode(),
      refusals: refusalLog.listed().slice(0, REFUSALS_SHOWN),
      samples: pickSamples(told),
    };
  } finally {
    await source.close();
  }
}

function describeManifest({
  columns,
  map,
  sample,
  counts,
}: NonNullable<SourceReading['manifest']>): ManifestPreview {
  const keyOf = new Map(MANIFEST_KEYS.map((key) => [map[key], key] as const));
  const { rows: rowCount, rowsWithoutFile, filesWithoutRow, filesTwice } = counts;
  return {
    columns: columns.map((name, position) => ({ name, key: keyOf.get(position) ?? null })),
    rows: sample.slice(0, ROWS_SHOWN).map(({ line, cells }) => {
      return { line, cells: columns.map((_, position) => cells[position] ?? null) };
    }),
    rowCount,
    rowsWithoutFile,
    filesWithoutRow,
    filesTwice,
  };
}

function pickSamples(told: SourceReading['told']): ImportPreview['samples'] {
  const count = Math.min(told.length, PATHS_SHOWN);
  return Array.from({ length: count }, (_, at) => told[Math.floor((at * told.length) / count)]).flatMap(
    (patch) =>
      patch
        ? [{ path: patch.file.path, patient: patch.facts.patient, className: patch.facts.className }]
        : [],
  );
}

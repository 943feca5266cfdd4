/**
 * What an import would bring in, told from names and tables alone: no picture is opened and nothing is written. What ends
 * an import is told next to all that is known until then, so that it can be put right.
 */
import { AppError } from '@microtome/domain/app-error';
import { isTableName } from '@microtome/domain/source/file-path';
import type { LayoutName } from '@microtome/domain/source/layout/layout';
import { fitLayouts } from '@microtome/domain/source/layout/layouts';
import { MANIFEST_KEYS, type ManifestKey } from '@microtome/domain/source/manifest/manifest-columns';
import { tellPatient } from '@microtome/domain/source/patient-rule';
import { type FactSummary, summariseFacts } from '@microtome/domain/source/summarise-facts';
import { describeNothing } from './describe-nothing.ts';
import type { ManifestHead } from './facts/read-manifest.ts';
import type { SourceReading } from './facts/read-source.ts';
import { type ImportOptionsInput, parseImportOptions } from './import-options.ts';
import { type ReadPlan, readPlan } from './plan/read-plan.ts';
import { printablePath, type Refusal, type RefusalCode } from './refusal.ts';
import { createRefusalLog } from './refusal-log.ts';
import { openPatchSource } from './source/open-patch-source.ts';
import type { SourceFile } from './source/patch-source.ts';

const ROWS_SHOWN = 10;
const REFUSALS_SHOWN = 20;
const SAMPLES_SHOWN = 20;
const TABLES_SHOWN = 100;

type ManifestCounts = NonNullable<SourceReading['manifest']>['counts'];

export type ManifestPreview = {
  /** In the table's order, with the key that each was taken for. */
  columns: { name: string; key: ManifestKey | null }[];
  /** The first rows, as many cells as there are columns. */
  rows: { line: number; cells: (string | null)[] }[];
  /** Null where the rows could not be joined to the files. */
  counts: ManifestCounts | null;
};

export type PreviewSample = {
  path: string;
  /** What a patient rule reads; null where the cell is missing, or there is no rule. */
  text: string | null;
  /** Null where it is unknown, or the rule reads none. */
  patient: string | null;
  slide: string | null;
  site: string | null;
  className: string | null;
};

/** Why the import would end at once. */
export type PreviewProblem = {
  /** The option that it is about; null where it is about none alone. */
  field: string | null;
  message: string;
};

export type ImportPreview = {
  fileCount: number;
  /** Layouts that some of the files are of, the one that is detected first. */
  layouts: { name: LayoutName; title: string; pattern: string; share: number }[];
  /** As the files are read; null where a manifest tells. */
  layout: { name: LayoutName; title: string; remarks: readonly string[] } | null;
  /** Files of the source that can be a manifest by their names. */
  tables: string[];
  manifest: ManifestPreview | null;
  /** Null where there is a problem. */
  facts: (FactSummary & { task: ReadPlan['task']; unitNotice: string | null }) | null;
  /** How the patient rule reads; null without one. */
  rule: string | null;
  /** Some of the files, evenly spread. */
  samples: PreviewSample[];
  refusedCount: number;
  refusedByCode: Partial<Record<RefusalCode, number>>;
  /** The first of them, by path. */
  refusals: Refusal[];
  problem: PreviewProblem | null;
};

type PreviewRequest = ImportOptionsInput & {
  signal?: AbortSignal;
  /** Where packed containers are unpacked; left out: in the folder that the system has for such. */
  scratch?: string;
};

/** @throws AppError where there is nothing to look at: an option that cannot be, a source that cannot be opened */
export async function previewImport(request: PreviewRequest): Promise<ImportPreview> {
  const { signal: given, scratch, ...input } = request;
  const options = parseImportOptions(input);
  if (options.tiling) {
    const sentence = 'Slides are opened before they are cut, which another look does: that of a tiling.';
    throw new AppError('BAD_INPUT', sentence, { details: { field: 'tiling' } });
  }
  const signal = given ?? new AbortController().signal;
  const { add: refuse, ...refusalLog } = createRefusalLog();
  const source = await openPatchSource(options.path);
  try {
    const files = await source.scan({ refuse, signal });
    const known = describeFiles(files);
    let head: ManifestHead | null = null;
    const onHead = (seen: ManifestHead) => {
      head = seen;
    };
    const wanted = { source, files, options, refuse, signal, onHead, scratch };
    const outcome = await readPlan(wanted).catch(takeProblem);
    if ('reading' in outcome) await outcome.reading.close();
    const refused = {
      refusedCount: refusalLog.count(),
      refusedByCode: refusalLog.countsByCode(),
      refusals: refusalLog.listed().slice(0, REFUSALS_SHOWN),
    };
    const problem = findProblem(outcome, () => describeNothing(options, refusalLog, files.length));
    if (problem || 'message' in outcome) {
      const manifest = head && describeManifest(head, null);
      return { ...known, ...refused, ...NOTHING_READ, manifest, problem };
    }
    return { ...known, ...refused, ...describePlan(outcome), problem };
  } finally {
    await source.close();
  }
}

const NOTHING_READ = { layout: null, facts: null, rule: null, samples: [] };

function describeFiles(files: readonly SourceFile[]) {
  const paths = files.map(({ path }) => path);
  return {
    fileCount: files.length,
    layouts: fitLayouts(paths).map(({ layout: { name, title, pattern }, share }) => {
      return { name, title, pattern, share };
    }),
    tables: paths
      .filter(isTableName)
      .slice(0, TABLES_SHOWN)
      .map((path) => printablePath(path)),
  };
}

/** Files of which nothing is told, or none, are a problem too. */
function findProblem(outcome: ReadPlan | PreviewProblem, describe: () => AppError): PreviewProblem | null {
  if ('message' in outcome) return outcome;
  const { told } = outcome.complete;
  return told.length > 0 ? null : { field: null, message: describe().message };
}

/** A fault of the input is what a preview tells; any other ends it. */
function takeProblem(error: unknown): PreviewProblem {
  if (!(error instanceof AppError) || error.code === 'UNAVAILABLE' || error.code === 'CANCELED') throw error;
  const { field } = error.details;
  return { field: typeof field === 'string' ? field : null, message: error.message };
}

function describePlan({ reading, complete, plan, task }: ReadPlan) {
  const { layout, manifest } = reading;
  const summary = summariseFacts(complete.told);
  // What is refused for want of a class has no say in it, unless there is nothing else.
  const unit = plan.patches.length > 0 ? plan.unit : summary.unit;
  return {
    layout: layout && { name: layout.name, title: layout.title, remarks: layout.remarks },
    manifest: manifest && describeManifest(manifest, manifest.counts),
    facts: { ...summary, unit, unitNotice: plan.unitNotice, task },
    rule: complete.rule?.about ?? null,
    samples: pickSamples(reading.told, complete),
  };
}

function describeManifest(
  { columns, map, sample }: ManifestHead,
  counts: ManifestCounts | null,
): ManifestPreview {
  const keyOf = new Map(MANIFEST_KEYS.map((key) => [map[key], key] as const));
  return {
    columns: columns.map((name, position) => ({ name, key: keyOf.get(position) ?? null })),
    rows: sample.slice(0, ROWS_SHOWN).map(({ line, cells }) => {
      return { line, cells: columns.map((_, position) => cells[position] ?? null) };
    }),
    counts,
  };
}

/** Those of which the rule reads no patient are among them. */
function pickSamples(told: SourceReading['told'], { rule, textOf }: ReadPlan['complete']): PreviewSample[] {
  const count = Math.min(told.length, SAMPLES_SHOWN);
  const picked = Array.from({ length: count }, (_, at) => told[Math.floor((at * told.length) / count)]);
  return picked.flatMap((patch) => {
    if (!patch) return [];
    const text = rule ? textOf(patch) : null;
    const facts = rule ? tellPatient(rule, patch.facts, text) : patch.facts;
    const { slide, site, className } = facts ?? patch.facts;
    return [{ path: patch.file.path, text, patient: facts?.patient ?? null, slide, site, className }];
  });
}

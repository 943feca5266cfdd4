/** What Neptune's attributes are here: hyperparameters, tags, numbers by step, texts and histograms as lines, files. Pure. */
import { AppError } from '@microtome/domain/app-error';
import type { MetricPoint } from '@microtome/domain/external-run/metric-point';
import type { NeptuneRow } from './neptune-export.ts';

export type RunAttributes = {
  project: string;
  id: string;
  name: string;
  owner: string | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
  isFailed: boolean;
  isTrashed: boolean;
  hyperparameters: Record<string, unknown>;
  /** What Neptune itself says of the run. */
  labels: Record<string, string>;
  /** By attribute, a line of JSON each point. */
  texts: Map<string, string[]>;
  /** Paths below the folder of the project's files. */
  files: Set<string>;
};

/** Attributes of Neptune itself. */
const SYSTEM = 'sys/';
const LABEL_PREFIX = 'neptune.';
const LABEL_LENGTH_MAX = 8_000;
const SINGLE_TYPES = new Set(['float', 'int', 'string', 'bool', 'datetime', 'string_set']);
const FILE_TYPES = new Set(['file', 'artifact', 'file_series', 'file_set']);
const LINE_TYPES = new Set(['string_series', 'histogram_series']);
const STEP_SLACK = 1e-6;

/** All but the numbers. BAD_INPUT for a step that is no whole number, and for a run without a row. */
export async function collectAttributes(
  batches: AsyncIterable<readonly NeptuneRow[]>,
  stepMultiplier: number,
): Promise<RunAttributes> {
  let run: RunAttributes | null = null;
  const system: Record<string, unknown> = {};
  for await (const rows of batches) {
    toPoints(rows, stepMultiplier);
    for (const row of rows) {
      run ??= createRun(row);
      if (SINGLE_TYPES.has(row.attribute_type)) {
        const isSystem = row.attribute_path.startsWith(SYSTEM);
        const target = isSystem ? system : run.hyperparameters;
        target[isSystem ? row.attribute_path.slice(SYSTEM.length) : row.attribute_path] = readValue(row);
      } else if (LINE_TYPES.has(row.attribute_type)) {
        const lines = run.texts.get(row.attribute_path) ?? [];
        lines.push(JSON.stringify(describePoint(row)));
        run.texts.set(row.attribute_path, lines);
      } else if (FILE_TYPES.has(row.attribute_type) && row.file_value?.path) {
        run.files.add(row.file_value.path);
      }
    }
  }
  if (!run) throw new AppError('BAD_INPUT', 'It has no rows.');
  return { ...run, ...readSystem(system, run.id) };
}

/** The numbers of the series among these rows. BAD_INPUT for a step that is no whole number. */
export function toPoints(rows: readonly NeptuneRow[], stepMultiplier: number): MetricPoint[] {
  return rows.flatMap((row) => {
    if (row.attribute_type !== 'float_series') return [];
    const { attribute_path: name, float_value: value, timestamp } = row;
    const multiplied = (row.step ?? 0) * stepMultiplier;
    const step = Math.round(multiplied);
    if (Math.abs(multiplied - step) > STEP_SLACK * Math.max(1, Math.abs(step))) {
      throw new AppError(
        'BAD_INPUT',
        `'${name}' has the step ${row.step}, and steps here are whole numbers: choose --step-multiplier, such as 1000.`,
      );
    }
    return [{ name, value: value ?? Number.NaN, step, atMs: timestamp?.getTime() ?? null }];
  });
}

function createRun({ project_id: project, run_id: id }: NeptuneRow): RunAttributes {
  return {
    ...{ project, id, name: id, owner: null, startedAtMs: null, endedAtMs: null },
    ...{
      isFailed: false,
      isTrashed: false,
      hyperparameters: {},
      labels: {},
      texts: new Map(),
      files: new Set(),
    },
  };
}

/** As JSON has it: what is no number there is a text. */
function readValue(row: NeptuneRow): unknown {
  switch (row.attribute_type) {
    case 'int':
      return writeNumber(
        row.int_value === null || row.int_value === undefined ? null : Number(row.int_value),
      );
    case 'float':
      return writeNumber(row.float_value ?? null);
    case 'bool':
      return row.bool_value ?? null;
    case 'datetime':
      return row.datetime_value?.toISOString() ?? null;
    case 'string_set':
      return (row.string_set_value ?? []).filter((word) => typeof word === 'string');
    default:
      return row.string_value ?? null;
  }
}

function writeNumber(value: number | null): number | string | null {
  return value === null || Number.isFinite(value) ? value : String(value);
}

function describePoint({
  step,
  timestamp,
  string_value: text,
  histogram_value: histogram,
}: NeptuneRow): object {
  const at = { step: step ?? null, at: timestamp?.toISOString() ?? null };
  return histogram ? { ...at, ...histogram } : { ...at, text: text ?? null };
}

/** What is known here by a name of its own; all of it is a tag too. */
function readSystem(system: Readonly<Record<string, unknown>>, id: string) {
  const text = (key: string) => (typeof system[key] === 'string' && system[key] !== '' ? system[key] : null);
  const moment = (key: string) => {
    const time = Date.parse(text(key) ?? '');
    return Number.isNaN(time) ? null : time;
  };
  const labels = Object.entries(system).flatMap(([key, value]): [string, string][] => {
    if (value === null) return [];
    const words = Array.isArray(value) ? value.join(', ') : String(value);
    return [[`${LABEL_PREFIX}${key}`, words.slice(0, LABEL_LENGTH_MAX)]];
  });
  return {
    name: (text('name') ?? text('custom_run_id') ?? id).slice(0, 200),
    owner: text('owner'),
    startedAtMs: moment('creation_time'),
    endedAtMs: moment('modification_time'),
    isFailed: system.failed === true,
    isTrashed: system.trashed === true,
    labels: Object.fromEntries(labels),
  };
}

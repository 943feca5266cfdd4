/** What a filter of runs means, in plain TypeScript over runs that are known: what the SQL is held against. */
import { isSmallerBetter } from '@microtome/domain/metrics/metric';
import { type RunField, typeOfField } from '@microtome/domain/run-query/run-field';
import type { Comparison, RunFilter, RunValue, Scalar } from '@microtome/domain/run-query/run-filter';
import type { SeededRun } from '../../fixtures/seeded/seeded-runs.ts';

/** What the runs themselves do not say. */
export type OracleWorld = {
  now: number;
  nameOf: ReadonlyMap<string, string>;
  /** Split, patient key and side, joined by blanks. */
  sides: ReadonlySet<string>;
};

type Known = Scalar | null;
type SeriesField = Extract<RunField, { kind: 'SERIES' }>;

const NUMERAL = /^[+-]?(\d{1,50}(\.\d{0,50})?|\.\d{1,50})([eE][+-]?\d{1,2})?$/;

export function matches(run: SeededRun, filter: RunFilter, world: OracleWorld): boolean {
  switch (filter.kind) {
    case 'AND':
      return filter.filters.every((one) => matches(run, one, world));
    case 'OR':
      return filter.filters.some((one) => matches(run, one, world));
    case 'NOT':
      return !matches(run, filter.filter, world);
    case 'COMPARE': {
      const { field, operator, value } = filter;
      if (operator === '!=') return !holds(run, { field, operator: '=', value }, world);
      return holds(run, { field, operator, value }, world);
    }
    case 'IN':
      return filter.values.some((value) =>
        holds(run, { field: filter.field, operator: '=', value: { kind: 'LITERAL', value } }, world),
      );
    case 'CONTAINS':
      return textsOf(run, filter.field, world).some((text) =>
        text.toLowerCase().includes(filter.text.toLowerCase()),
      );
    case 'LIKE': {
      const source = filter.pattern
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('%', '[^]*')
        .replaceAll('_', '[^]');
      return textsOf(run, filter.field, world).some((text) => new RegExp(`^${source}$`, 'iu').test(text));
    }
    case 'EMPTY':
      return isTags(filter.field) ? run.tags.length === 0 : readKnown(run, filter.field, world) === null;
    case 'TAGS': {
      const has = (tag: string) => run.tags.includes(tag);
      if (filter.quantifier === 'ALL') return filter.tags.every(has);
      return filter.quantifier === 'ANY' ? filter.tags.some(has) : !filter.tags.some(has);
    }
    case 'PATIENT':
      return world.sides.has(`${run.splitId} ${filter.key} ${filter.subset}`);
  }
}

type Condition = { field: RunField; operator: Comparison; value: RunValue };

function holds(run: SeededRun, { field, operator, value }: Condition, world: OracleWorld): boolean {
  if (value.kind === 'CHAMPION') return false;
  const wanted =
    value.kind === 'TIME'
      ? Date.parse(value.at)
      : value.kind === 'AGO'
        ? world.now - value.seconds * 1000
        : value.value;
  if (isTags(field)) return run.tags.includes(String(wanted));
  if (field.kind === 'SERIES' && field.pick === 'ANY') {
    return (run.series[field.name] ?? []).some((one) => compare(one, operator, wanted));
  }
  if (field.kind !== 'HYPERPARAMETER') {
    const found = readKnown(run, field, world);
    return found !== null && compare(found, operator, wanted);
  }
  const stored = run.hyperparameters[field.name];
  if (stored === undefined) return false;
  if (typeof wanted !== 'number') return compare(String(stored), operator, String(wanted));
  const isNumeral = typeof stored === 'string' && NUMERAL.test(stored);
  return (typeof stored === 'number' || isNumeral) && compare(Number(stored), operator, wanted);
}

function compare(a: Scalar, operator: Comparison, b: Scalar): boolean {
  if (operator === '=') return a === b;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function isTags(field: RunField): boolean {
  return typeOfField(field) === 'TAGS';
}

function textsOf(run: SeededRun, field: RunField, world: OracleWorld): string[] {
  if (isTags(field)) return run.tags;
  const value =
    field.kind === 'HYPERPARAMETER'
      ? (run.hyperparameters[field.name] ?? null)
      : readKnown(run, field, world);
  return value === null ? [] : [String(value)];
}

/** Times as milliseconds; null where the run lacks it. */
function readKnown(run: SeededRun, field: RunField, world: OracleWorld): Known {
  if (field.kind === 'SERIES') return pickOf(run, field);
  if (field.kind === 'FIGURE') {
    const figure = run.figures[field.subset]?.[field.name];
    return figure?.[field.end.toLowerCase() as 'value' | 'low' | 'high'] ?? null;
  }
  if (field.kind === 'TAG') {
    const begin = `${field.key}:`;
    return (
      run.tags
        .filter((tag) => tag.startsWith(begin))
        .sort()[0]
        ?.slice(begin.length) ?? null
    );
  }
  if (field.kind === 'HYPERPARAMETER') return (run.hyperparameters[field.name] as Scalar | undefined) ?? null;
  const at = (moment: string | null) => (moment === null ? null : Date.parse(moment));
  const [startedAt, finishedAt] = [at(run.startedAt), at(run.finishedAt)];
  const columns: Partial<Record<typeof field.name, Known>> = {
    id: run.id,
    name: run.name,
    notes: run.notes === '' ? null : run.notes,
    status: run.status,
    architecture: run.architecture,
    backend: run.backend,
    seed: run.seed,
    parameters: run.parameters,
    epochsDone: run.epochsDone,
    bestEpoch: run.bestEpoch,
    trainPatchesPerSecond: run.trainPatchesPerSecond,
    error: run.error,
    experiment: world.nameOf.get(run.experimentId) ?? null,
    dataset: world.nameOf.get(run.datasetId) ?? null,
    split: world.nameOf.get(run.splitId) ?? null,
    sweep: null,
    createdAt: at(run.createdAt),
    startedAt,
    finishedAt,
    duration: startedAt === null || finishedAt === null ? null : (finishedAt - startedAt) / 1000,
    archived: run.archivedAt !== null,
    testOpened: run.figures.TEST !== undefined,
  };
  if (!(field.name in columns)) throw new Error(`The oracle does not know '${field.name}'.`);
  return columns[field.name] ?? null;
}

function pickOf(run: SeededRun, { name, pick }: SeriesField): number | null {
  const values = run.series[name] ?? [];
  if (typeof pick === 'object') return values[pick.epoch - 1] ?? null;
  if (pick === 'AT_BEST') return run.bestEpoch === null ? null : (values[run.bestEpoch - 1] ?? null);
  if (values.length === 0) return null;
  if (pick === 'LAST' || pick === 'ANY') return values.at(-1) ?? null;
  const isSmallest = pick === 'MIN' || (pick === 'BEST' && isSmallerBetter(name));
  return isSmallest ? Math.min(...values) : Math.max(...values);
}

/** The column of any field of runs, shown by the type of its values. */
import type { ReactNode } from 'react';
import { Moment } from '../../../components/moment.tsx';
import { formatAmount, formatCount, formatFigure } from '../../../format/format-number.ts';
import { formatDuration } from '../../../format/format-time.ts';
import type { RunFieldFactsFragment } from '../../../graphql/generated/graphql.ts';
import { type MetricCatalogue, titleShortly } from '../../../metrics/metric-catalogue.ts';
import { TagList } from '../../../run/tag-list.tsx';
import type { RunColumn } from './run-column.ts';

type FieldFacts = RunFieldFactsFragment;

const WIDE_PX = 180;
const NARROW_PX = 110;
const SHOWN_DIGITS = 6;
const FIGURE = /^(validation|test)\.(.+)$/;

export function createFieldColumn(field: FieldFacts, catalogue: MetricCatalogue): RunColumn {
  const { name, type, about } = field;
  const isRight = type === 'NUMBER' || type === 'DURATION';
  return {
    name,
    title: titleField(name, catalogue),
    about: about ? `${name}: ${about}` : name,
    type,
    isNumber: field.isNumber,
    sort: type === 'TAGS' || name.startsWith('any(') ? null : name,
    widthPx: isRight || type === 'FLAG' || type === 'ANY' || type === 'TIME' ? NARROW_PX : WIDE_PX,
    ...(isRight ? { align: 'right' } : {}),
    isPlain: true,
    write: (value) => writeNumber(field, value),
    read: (run) => readValue(run.values, name),
    show: (run) => showValue(field, readValue(run.values, name)),
  };
}

/** Undefined where the row was fetched before the column was there. */
function readValue(values: unknown, name: string): unknown {
  return (values as Record<string, unknown> | null | undefined)?.[name];
}

function titleField(name: string, catalogue: MetricCatalogue): string {
  const [, subset, metric] = FIGURE.exec(name) ?? [];
  if (!metric) return name;
  return `${subset === 'test' ? 'TEST' : 'VAL'} ${titleShortly(catalogue, metric)}`;
}

function showValue({ kind, type }: Pick<FieldFacts, 'kind' | 'type'>, value: unknown): ReactNode {
  if (value === undefined) return <span className="text-muted-foreground">…</span>;
  if (value === null) return <span className="text-muted-foreground">–</span>;
  if (Array.isArray(value)) {
    return type === 'TAGS' ? <TagList tags={value.map(String)} /> : JSON.stringify(value);
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return writeNumber({ kind, type }, value);
  if (type === 'TIME') return <Moment at={String(value)} />;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Measured numbers have three decimals; those that were set are shown as they are. */
function writeNumber({ kind, type }: Pick<FieldFacts, 'kind' | 'type'>, value: number): string {
  if (type === 'DURATION') return formatDuration(value);
  if (kind === 'SERIES' || kind === 'FIGURE') return formatFigure(value);
  if (kind === 'COLUMN') return Number.isInteger(value) ? formatCount(value) : formatAmount(value);
  return String(Number(value.toPrecision(SHOWN_DIGITS))).replace(/^-/, '−');
}

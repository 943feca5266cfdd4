'use client';
/** A forest plot: one figure of every model, over all rows and by site, with their intervals on one scale. */
import { useState } from 'react';
import { type BarScale, placeOnBar } from '../../charts/bar-scale.ts';
import { IntervalBar } from '../../charts/interval-bar.tsx';
import { formatCount, formatInterval, formatMetric, formatTick } from '../../format/format-number.ts';
import type { TableSideFiguresFragment } from '../../graphql/generated/graphql.ts';
import { titleMetric } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { Card } from '../../ui/card.tsx';
import { Select } from '../../ui/field.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { hasUnits, type UnitWords } from '../../unit/unit-words.ts';
import {
  type Figure,
  findFigure,
  listTableMetrics,
  listTicks,
  nameSide,
  scaleFigures,
} from './table-figures.ts';

type IntervalPlotProps = { side: TableSideFiguresFragment; positiveName: string; unit: UnitWords };

type PlotRow = {
  key: string;
  model: string;
  place: string;
  size: string;
  figure: Figure | null;
  isWhole: boolean;
};

const FIRST_METRIC = 'auc';
const BAR_WIDTH_PX = 320;
/** What guessing would have, and what perfect calibration has. */
const REFERENCES: Readonly<Record<string, number>> = {
  auc: 0.5,
  balancedAccuracy: 0.5,
  mcc: 0,
  kappa: 0,
  calibrationIntercept: 0,
  calibrationSlope: 1,
};

export function IntervalPlot({ side, positiveName, unit }: IntervalPlotProps) {
  const catalogue = useMetricCatalogue();
  const [metric, setMetric] = useState(FIRST_METRIC);
  const rows = listRows(side, { metric, unit });
  const scale = scaleFigures(
    rows.flatMap(({ figure }) => figure ?? []),
    REFERENCES[metric] ?? null,
  );
  const title = `Models and sites on ${nameSide(side.side)}`;
  return (
    <Card
      flush
      title={title}
      note={`${titleMetric(catalogue, metric, positiveName)}. A site with few ${hasUnits(unit) ? unit.many : 'patients'} has no interval.`}
      actions={<MetricChoice side={side} positiveName={positiveName} metric={metric} onChoose={setMetric} />}
    >
      <PlainTable
        caption={title}
        rows={[...rows, null]}
        rowKey={(row) => row?.key ?? ''}
        columns={[
          { header: 'Model', cell: (row) => (row?.isWhole ? <b>{row.model}</b> : row?.model) },
          { header: 'Site', cell: (row) => row?.place },
          {
            header: hasUnits(unit) ? `Rows, ${unit.many}` : 'Rows',
            align: 'right',
            cell: (row) => row?.size,
          },
          { header: 'Figure', align: 'right', cell: (row) => row && formatMetric(row.figure?.value) },
          {
            header: '95 % interval',
            className: 'whitespace-nowrap',
            cell: (row) => row && describeInterval(row.figure),
          },
          {
            header: 'On one scale',
            cell: (row) =>
              row ? (
                <IntervalBar {...row.figure} scale={scale} widthPx={BAR_WIDTH_PX} />
              ) : (
                <Axis scale={scale} />
              ),
          },
        ]}
      />
    </Card>
  );
}

type MetricChoiceProps = Pick<IntervalPlotProps, 'side' | 'positiveName'> & {
  metric: string;
  onChoose: (metric: string) => void;
};

function MetricChoice({ side, positiveName, metric, onChoose }: MetricChoiceProps) {
  const catalogue = useMetricCatalogue();
  return (
    <Select
      aria-label="Figure of the plot"
      className="h-7 w-56 text-xs"
      value={metric}
      onChange={({ target }) => onChoose(target.value)}
    >
      {listTableMetrics(catalogue, side).map(({ name }) => (
        <option key={name} value={name}>
          {titleMetric(catalogue, name, positiveName)}
        </option>
      ))}
    </Select>
  );
}

function listRows(
  { models, rows, patients }: TableSideFiguresFragment,
  { metric, unit }: { metric: string; unit: UnitWords },
): PlotRow[] {
  const size = (own: { rows: number; patients: number }) =>
    hasUnits(unit) ? `${formatCount(own.rows)}, ${formatCount(own.patients)}` : formatCount(own.rows);
  return models.flatMap(({ name, figures, sites }) => [
    {
      ...{ key: name, model: name, place: 'all', size: size({ rows, patients }), isWhole: true },
      figure: findFigure(figures, metric),
    },
    ...sites.map((own) => ({
      ...{ key: `${name} ${own.site}`, model: name, place: own.site, size: size(own), isWhole: false },
      figure: findFigure(own.figures, metric),
    })),
  ]);
}

function describeInterval(figure: Figure | null): string {
  if (typeof figure?.low !== 'number' || typeof figure.high !== 'number') return '–';
  return formatInterval([figure.low, figure.high]);
}

function Axis({ scale }: { scale: BarScale }) {
  return (
    <svg width={BAR_WIDTH_PX} height={14} className="shrink-0 overflow-visible" aria-hidden>
      {listTicks(scale).map((tick) => (
        <text
          key={tick}
          x={placeOnBar(tick, { scale, widthPx: BAR_WIDTH_PX })}
          y={11}
          textAnchor="middle"
          className="fill-muted-foreground text-[10px]"
        >
          {formatTick(Number(tick.toFixed(6)))}
        </text>
      ))}
    </svg>
  );
}

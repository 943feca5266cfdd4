'use client';
/** How many patches each patient has, or what the dataset is split by, and how many of them are positive. */
import { useQuery } from '@apollo/client/react';
import { useCallback, useMemo } from 'react';
import { useEveryPage } from '../../../api/use-every-page.ts';
import { Chart } from '../../../charts/chart.tsx';
import type { ChartPalette } from '../../../charts/chart-palette.ts';
import { buildPatientBarsOption } from '../../../charts/patient-bars-option.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { DatasetPatientsDocument } from '../../../graphql/generated/graphql.ts';
import { ClassMark } from '../../../task/class-mark.tsx';
import { Card } from '../../../ui/card.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { countUnits, type UnitWords } from '../../../unit/unit-words.ts';

const PAGE_SIZE = 500;

type PatientChartProps = {
  datasetId: string;
  /** By which patches are coloured; undefined for a dataset of one class. */
  task: { positiveName: string; negativeName: string } | undefined;
  unit: UnitWords;
};

export function PatientChart({ datasetId, task, unit }: PatientChartProps) {
  const { positiveName: positiveClass = 'positive', negativeName: negativeClass = 'not positive' } =
    task ?? {};
  const query = useQuery(DatasetPatientsDocument, { variables: { id: datasetId, first: PAGE_SIZE } });
  const connection = query.data?.dataset?.patients;
  useEveryPage(connection?.pageInfo, (after) => query.fetchMore({ variables: { after } }));
  const patients = useMemo(() => connection?.edges.map(({ node }) => node) ?? [], [connection]);
  const build = useCallback(
    (palette: ChartPalette) =>
      buildPatientBarsOption({ palette, patients, positiveClass, negativeClass, title: unit.title }),
    [patients, positiveClass, negativeClass, unit.title],
  );
  return (
    <Card
      title={`Patches per ${unit.one}`}
      note={`${countUnits(unit, connection?.totalCount ?? 0)}, largest first.`}
      actions={
        <span className="flex gap-3">
          <ClassMark isPositive name={positiveClass} />
          <ClassMark isPositive={false} name={negativeClass} />
        </span>
      }
    >
      <QueryFrame
        {...query}
        data={connection}
        missing="This dataset"
        skeleton={<Skeleton className="h-56" />}
      >
        {() => (
          <Chart
            build={build}
            label={`Patches per ${unit.one}, ${positiveClass} and ${negativeClass}`}
            className="h-56"
          />
        )}
      </QueryFrame>
    </Card>
  );
}

/** Where each experiment stands: its best run on VALIDATION with its interval, and how many runs it took. */
import Link from 'next/link';
import { TextLink } from '../../components/text-link.tsx';
import { LearningMark } from '../../evaluation/learning-mark.tsx';
import { formatCount } from '../../format/format-number.ts';
import type { WhereWeStandQuery } from '../../graphql/generated/graphql.ts';
import { titleMetric, titleShortly } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { StandingFigure } from './standing-figure.tsx';

type Experiments = WhereWeStandQuery['experiments'];
type Experiment = Experiments['edges'][number]['node'];

/** Nothing before the first experiment. */
export function ExperimentsCard({ experiments }: { experiments: Experiments }) {
  const catalogue = useMetricCatalogue();
  const rows = experiments.edges.map(({ node }) => node);
  if (rows.length === 0) return null;
  return (
    <Card
      flush
      title="Experiments"
      note="The best finished run of each on VALIDATION, unsafe splits left out; intervals by what the dataset is split by."
      actions={
        <Button asChild size="sm">
          <Link href="/experiments">All {formatCount(experiments.totalCount)}</Link>
        </Button>
      }
    >
      <PlainTable
        caption="Experiments"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          {
            header: 'Experiment',
            cell: (row) => (
              <span className="flex flex-col">
                <TextLink href={`/experiments/${row.id}`}>{row.name}</TextLink>
                {row.question && <span className="text-xs text-muted-foreground">{row.question}</span>}
              </span>
            ),
          },
          { header: 'Dataset', className: 'whitespace-nowrap', cell: (row) => row.dataset?.name ?? '–' },
          { header: 'Runs', align: 'right', cell: (row) => formatCount(countRuns(row)) },
          { header: 'Best run', className: 'min-w-32', cell: (row) => <BestRun run={row.bestRun} /> },
          {
            header: titleShortly(catalogue, 'auc'),
            align: 'right',
            cell: (row) => row.bestRun && <StandingFigure run={row.bestRun} name="auc" subset="VALIDATION" />,
          },
          {
            header: titleMetric(catalogue, 'balancedAccuracy'),
            align: 'right',
            cell: (row) =>
              row.bestRun && <StandingFigure run={row.bestRun} name="balancedAccuracy" subset="VALIDATION" />,
          },
        ]}
      />
    </Card>
  );
}

function BestRun({ run }: { run: Experiment['bestRun'] }) {
  if (!run) return <span className="text-muted-foreground">none yet</span>;
  return (
    <span className="inline-flex items-center gap-2">
      <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink>
      <LearningMark learning={run.learning} short />
    </span>
  );
}

function countRuns({ runCounts }: Experiment): number {
  return runCounts.reduce((sum, { count }) => sum + count, 0);
}

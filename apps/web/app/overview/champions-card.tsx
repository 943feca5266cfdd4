/** Which version of each model is in use, since when, and what it reaches on patients that it has never seen. */
import { Moment } from '../../components/moment.tsx';
import { TextLink } from '../../components/text-link.tsx';
import type { WhereWeStandQuery } from '../../graphql/generated/graphql.ts';
import { titleMetric, titleShortly } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { findPromotion } from '../../model/find-promotion.ts';
import { OverrideMark } from '../../model/override-mark.tsx';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { StandingFigure } from './standing-figure.tsx';

type Model = WhereWeStandQuery['models']['edges'][number]['node'];

/** Nothing where no model has a champion yet. */
export function ChampionsCard({ models }: { models: readonly Model[] }) {
  const catalogue = useMetricCatalogue();
  const rows = models.flatMap((model) =>
    model.champion
      ? [
          {
            model,
            champion: model.champion,
            promotion: findPromotion(model.aliases),
          },
        ]
      : [],
  );
  if (rows.length === 0) return null;
  return (
    <Card flush title="Champions">
      <PlainTable
        caption="Champions"
        rows={rows}
        rowKey={({ model }) => model.id}
        columns={[
          {
            header: 'Model',
            cell: ({ model }) => <TextLink href={`/models/${model.id}`}>{model.name}</TextLink>,
          },
          {
            header: 'Version',
            cell: ({ champion, model }) => <Champion champion={champion} aliases={model.aliases} />,
          },
          {
            header: `TEST ${titleShortly(catalogue, 'auc')}`,
            align: 'right',
            cell: ({ champion }) => <StandingFigure run={champion.run} name="auc" subset="TEST" />,
          },
          {
            header: `TEST ${titleMetric(catalogue, 'balancedAccuracy').toLowerCase()}`,
            align: 'right',
            cell: ({ champion }) => (
              <StandingFigure run={champion.run} name="balancedAccuracy" subset="TEST" />
            ),
          },
          {
            header: 'Champion since',
            cell: ({ promotion }) =>
              promotion && (
                <span className="whitespace-nowrap">
                  <Moment at={promotion.createdAt} />
                  <span className="text-muted-foreground">, {promotion.promotedBy}</span>
                </span>
              ),
          },
        ]}
      />
    </Card>
  );
}

type ChampionProps = { champion: NonNullable<Model['champion']>; aliases: Model['aliases'] };

function Champion({ champion: { number, run }, aliases }: ChampionProps) {
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Badge tone="accent">version {number}</Badge>
      <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink>
      {run.unsafe && <UnsafeMark short />}
      <OverrideMark aliases={aliases} />
    </span>
  );
}

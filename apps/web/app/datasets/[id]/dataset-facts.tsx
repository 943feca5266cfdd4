/** A dataset's headline numbers: counts, class balance, channel statistics, identity. */
import { Digest } from '../../../components/digest.tsx';
import { FactList } from '../../../components/fact-list.tsx';
import { FigureStrip } from '../../../components/figure-strip.tsx';
import { Moment } from '../../../components/moment.tsx';
import { formatBytes, formatCount, formatShare } from '../../../format/format-number.ts';
import type { DatasetQuery } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';

export function DatasetFacts({ dataset }: { dataset: NonNullable<DatasetQuery['dataset']> }) {
  const { positiveClass, patchCount, positiveCount } = dataset;
  const positiveShare = positiveCount / patchCount;
  return (
    <>
      <FigureStrip
        figures={[
          { label: 'Patients', value: formatCount(dataset.patientCount) },
          {
            label: 'Patches',
            value: formatCount(patchCount),
            note: `${dataset.patchSizePx} x ${dataset.patchSizePx} px`,
          },
          {
            label: `${positiveClass} (positive)`,
            value: formatCount(positiveCount),
            note: formatShare(positiveShare),
          },
          {
            label: `Not ${positiveClass}`,
            value: formatCount(patchCount - positiveCount),
            note: formatShare(1 - positiveShare),
          },
          { label: 'Edge strips', value: formatCount(dataset.stripCount), note: 'smaller than a patch' },
          { label: 'Refused files', value: formatCount(dataset.refusedCount) },
        ]}
      />
      <Card title="Balance and identity" className="mb-5">
        <BalanceBar share={positiveShare} positiveClass={positiveClass} />
        <FactList
          className="mt-4"
          facts={[
            { label: 'Digest of the files', value: <Digest value={dataset.digest} /> },
            { label: 'Source', value: dataset.source },
            {
              label: 'Mean of R, G, B',
              value: dataset.channelMean.map((mean) => mean.toFixed(1)).join(', '),
            },
            {
              label: 'Standard deviation of R, G, B',
              value: dataset.channelSd.map((sd) => sd.toFixed(1)).join(', '),
            },
            { label: 'On disk', value: formatBytes(dataset.bytes) },
            { label: 'Imported', value: <Moment at={dataset.createdAt} /> },
          ]}
        />
      </Card>
    </>
  );
}

function BalanceBar({ share, positiveClass }: { share: number; positiveClass: string }) {
  return (
    <div>
      <div className="flex h-3 overflow-hidden rounded-sm" aria-hidden>
        <div className="bg-accent" style={{ width: `${share * 100}%` }} />
        <div className="flex-1 bg-train/60" />
      </div>
      <p className="mt-1.5 flex justify-between text-xs text-muted-foreground">
        <span>
          {formatShare(share)} {positiveClass}
        </span>
        <span>
          {formatShare(1 - share)} not {positiveClass}
        </span>
      </p>
    </div>
  );
}

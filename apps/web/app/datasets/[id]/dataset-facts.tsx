/** A dataset's headline numbers: counts, unit, channel statistics, identity. */

import { Digest } from '../../../components/digest.tsx';
import { FactList } from '../../../components/fact-list.tsx';
import { FigureStrip } from '../../../components/figure-strip.tsx';
import { Moment } from '../../../components/moment.tsx';
import { formatBytes, formatCount, formatMetric } from '../../../format/format-number.ts';
import type { DatasetQuery } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { hasUnits } from '../../../unit/unit-words.ts';

export function DatasetFacts({ dataset }: { dataset: NonNullable<DatasetQuery['dataset']> }) {
  const { patchCount, unit } = dataset;
  return (
    <>
      <FigureStrip
        figures={[
          hasUnits(unit)
            ? { label: unit.heading, value: formatCount(dataset.patientCount) }
            : { label: 'Patients', value: 'unknown' },
          {
            label: 'Patches',
            value: formatCount(patchCount),
            note: `${dataset.patchSizePx} × ${dataset.patchSizePx} px`,
          },
          { label: 'Classes', value: formatCount(dataset.classes.length) },
          { label: 'Sites', value: dataset.sites.length === 0 ? '–' : formatCount(dataset.sites.length) },
          { label: 'Edge strips', value: formatCount(dataset.stripCount), note: 'smaller than a patch' },
          { label: 'Refused files', value: formatCount(dataset.refusedCount) },
        ]}
      />
      <Card title="Identity" className="mb-5">
        <FactList
          facts={[
            { label: 'Digest of the files', value: <Digest value={dataset.digest} /> },
            { label: 'Source', value: dataset.source },
            { label: 'Split by', value: hasUnits(unit) ? unit.one : 'nothing known' },
            { label: 'Places of patches', value: dataset.hasPlaces ? 'known' : 'not told by the source' },
            {
              label: 'Mean of R, G, B',
              value: dataset.channelMean.map(formatMetric).join(', '),
            },
            {
              label: 'Standard deviation of R, G, B',
              value: dataset.channelSd.map(formatMetric).join(', '),
            },
            { label: 'On disk', value: formatBytes(dataset.bytes) },
            { label: 'Imported', value: <Moment at={dataset.createdAt} /> },
          ]}
        />
      </Card>
    </>
  );
}

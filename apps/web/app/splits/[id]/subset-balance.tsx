/** The three subsets side by side: patients, patches, share of the positive class. */

import { countNoun } from '../../../format/count-noun.ts';
import { formatCount, formatShare } from '../../../format/format-number.ts';
import type { SplitRowFragment } from '../../../graphql/generated/graphql.ts';
import { SUBSET_FILL, SubsetMark } from '../../../split/subset-mark.tsx';
import { Card } from '../../../ui/card.tsx';
import { countUnits, hasUnits, type UnitWords } from '../../../unit/unit-words.ts';

type Subsets = SplitRowFragment['subsets'];

type SubsetBalanceProps = { subsets: Subsets; positiveClass: string; unit: UnitWords };

export function SubsetBalance({ subsets, positiveClass, unit }: SubsetBalanceProps) {
  const total = subsets.reduce((sum, { patches }) => sum + patches, 0);
  return (
    <Card
      title="Balance per subset"
      note={`Width is the share of all patches; the percentage is ${positiveClass}.`}
    >
      <div className="flex h-4 gap-px overflow-hidden rounded-sm" aria-hidden>
        {subsets.map(({ subset, patches }) => (
          <div
            key={subset}
            className={SUBSET_FILL[subset]}
            style={{ width: `${(patches / Math.max(1, total)) * 100}%` }}
          />
        ))}
      </div>
      <dl className="mt-4 grid gap-4 sm:grid-cols-3">
        {subsets.map((part) => (
          <div key={part.subset}>
            <dt>
              <SubsetMark subset={part.subset} />
            </dt>
            <dd className="mt-1 text-xl font-semibold">
              {hasUnits(unit) ? countUnits(unit, part.patients) : countNoun(part.patches, 'patch')}
            </dd>
            <dd className="text-sm text-muted-foreground">
              {hasUnits(unit) && `${countNoun(part.patches, 'patch')}, `}
              {formatShare(part.patches / Math.max(1, total))} of all patches
            </dd>
            <dd className="text-sm">
              {formatShare(part.positiveShare)} {positiveClass}
              <span className="text-muted-foreground"> ({formatCount(part.positives)})</span>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

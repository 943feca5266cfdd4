/** How the split was made and what identifies it. */
import { Digest } from '../../../components/digest.tsx';
import { type Fact, FactList } from '../../../components/fact-list.tsx';
import { Moment } from '../../../components/moment.tsx';
import { formatCount, formatShare } from '../../../format/format-number.ts';
import type { SplitQuery } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { hasUnits } from '../../../unit/unit-words.ts';

type Split = NonNullable<SplitQuery['split']>;

export function SplitFacts({ split }: { split: Split }) {
  const { absentPatients } = split;
  return (
    <Card title="How it was made">
      <FactList facts={listFacts(split)} />
      {absentPatients.length > 0 && (
        <details className="mt-4 text-sm">
          <summary>
            {formatCount(absentPatients.length)} patients of the published lists are not in this dataset
          </summary>
          <p className="mt-1.5 font-mono text-xs break-words text-muted-foreground">
            {absentPatients.join(', ')}
          </p>
        </details>
      )}
    </Card>
  );
}

function listFacts(split: Split): Fact[] {
  const { fractions } = split;
  const facts: Fact[] = [
    { label: 'Seed', value: split.seed },
    { label: 'Digest', value: <Digest value={split.digest} /> },
    { label: 'Created', value: <Moment at={split.createdAt} /> },
  ];
  const { unit, patientCount } = split.dataset;
  if (hasUnits(unit)) {
    const label = `${unit.heading} left out`;
    facts.push({ label, value: formatCount(split.leftOutPatients), note: `of ${formatCount(patientCount)}` });
  }
  if (fractions) {
    const wanted = [fractions.train, fractions.validation, fractions.test].map((share) => formatShare(share));
    facts.push({ label: 'Requested fractions', value: wanted.join(' / ') });
  }
  if (split.folds && split.fold !== null && split.fold !== undefined) {
    facts.push({ label: 'Fold', value: `${split.fold} of ${split.folds}` });
  }
  return facts;
}

/** The figures of a leakage audit as named facts, each with what it means. Pure. */
import type { Fact } from '../../../components/fact-list.tsx';
import { formatCount, formatMetric } from '../../../format/format-number.ts';
import type { NoPixelRowFragment, SplitQuery } from '../../../graphql/generated/graphql.ts';
import { countUnits, hasUnits, type UnitWords } from '../../../unit/unit-words.ts';

type Audit = NonNullable<NonNullable<SplitQuery['split']>['audit']>;

/** Where units are unknown, what is counted by unit is not shown: none would look like a clean split. */
export function listLeakageFacts(audit: Audit, unit: UnitWords): Fact[] {
  const { noPixelBaseline, heldOut } = audit;
  const { answered, balancedAccuracy, auc, neighbours, whole, sparse } = noPixelBaseline;
  const ofHeldOut = `of ${formatCount(heldOut)} held-out patches`;
  const isKnown = hasUnits(unit);
  return [
    {
      label: `${isKnown ? unit.heading : 'Patients'} on several sides`,
      value: isKnown ? formatCount(audit.patientsOnSeveralSides) : 'unknown',
    },
    {
      label: 'Identical pixels across sides',
      value: countOrUnsearched(audit.identicalAcrossSides),
      note: 'patches',
    },
    {
      label: 'Near-identical across sides',
      value: countOrUnsearched(audit.nearIdenticalAcrossSides),
      note: 'pairs: recompressed, rotated or shifted',
    },
    ...(isKnown
      ? [
          { label: 'Next to a TRAIN patch', value: formatCount(audit.neighboursInTrain), note: ofHeldOut },
          {
            label: 'Answered without looking at a pixel',
            value: formatCount(answered),
            note: `${ofHeldOut}, by ${neighbours} nearest TRAIN patches of the same ${unit.one}`,
          },
        ]
      : []),
    ...(answered === 0
      ? []
      : [
          { label: 'Balanced accuracy without pixels', value: formatMetric(balancedAccuracy) },
          { label: 'AUC without pixels', value: formatMetric(auc) },
          ...listByCompleteness('whole slides', { figures: whole, unit }),
          ...listByCompleteness('sparse slides', { figures: sparse, unit }),
        ]),
  ];
}

/** Older audits do not have these figures. */
function listByCompleteness(
  of: string,
  { figures, unit }: { figures: NoPixelRowFragment | null | undefined; unit: UnitWords },
): Fact[] {
  if (!figures || figures.answered === 0) return [];
  const { patients, balancedAccuracy, auc } = figures;
  const note = `${countUnits(unit, patients)}, AUC ${formatMetric(auc)}`;
  return [{ label: `The same on ${of}`, value: formatMetric(balancedAccuracy), note }];
}

function countOrUnsearched(count: number | null | undefined): string {
  return count === null || count === undefined ? 'not searched' : formatCount(count);
}

/** The strip chart of patients: one small square each, coloured by subset. */

import { formatCount, formatShare } from '../../../format/format-number.ts';
import type { Subset } from '../../../graphql/generated/graphql.ts';
import { SUBSET_FILL, SubsetMark } from '../../../split/subset-mark.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { titleUnit, type UnitWords } from '../../../unit/unit-words.ts';
import type { PatientCell } from './arrange-patient-strip.ts';

const SUBSETS: readonly Subset[] = ['TRAIN', 'VALIDATION', 'TEST'];
const FAINTEST = 0.3;

export function PatientStrip({
  cells,
  positiveClass,
  unit,
}: {
  cells: readonly PatientCell[];
  positiveClass: string;
  unit: UnitWords;
}) {
  return (
    <div className="flex flex-col gap-2.5">
      {SUBSETS.map((subset) => {
        const own = cells.filter((cell) => cell.subset === subset);
        return (
          <div key={subset} className="grid gap-1 sm:grid-cols-[7rem_minmax(0,1fr)]">
            <SubsetMark subset={subset} />
            <ul className="flex flex-wrap gap-[3px]" aria-label={`${unit.heading} of ${subset}`}>
              {own.map((cell) => (
                <li
                  key={cell.id}
                  title={`${titleUnit(unit, cell.key)}: ${formatCount(cell.patchCount)} patches, ${formatShare(cell.positiveShare)} ${positiveClass}`}
                  className={classNames('size-3.5 rounded-[2px]', SUBSET_FILL[subset])}
                  style={{ opacity: FAINTEST + (1 - FAINTEST) * cell.positiveShare }}
                >
                  <span className="sr-only">{cell.key}</span>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </div>
  );
}

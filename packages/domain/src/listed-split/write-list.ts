/** The list of a split that is kept: who is on which side, in a form from which its certificate can be made again. */
import { formatCsvText } from '../csv-cell.ts';
import type { Subset } from '../split/subset.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';

export type KeptEntry = { key: string; site: string | null; subset: Subset };

/** The column says what its ids are. */
const COLUMNS: Record<SplittingUnit, string> = {
  PATIENT: 'patient',
  SLIDE: 'slide',
  GROUP: 'group',
  NONE: 'file',
};

/** A unit that is on two sides has two rows. */
export function writeSplitList(entries: readonly KeptEntry[], unit: SplittingUnit): string {
  const hasSites = entries.some(({ site }) => site !== null);
  const head = [COLUMNS[unit], ...(hasSites ? ['site'] : []), 'subset'];
  const rows = entries.map(({ key, site, subset }) =>
    [formatCsvText(key), ...(hasSites ? [formatCsvText(site ?? '')] : []), subset].join(','),
  );
  return `${[head.join(','), ...rows].join('\n')}\n`;
}

/**
 * Makes splits of a list from outside: placed on a dataset, audited, and only then stored. A list that puts units on
 * several sides is kept as an unsafe split, with their names.
 */
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import type { ImportedFrom } from '@microtome/domain/imported-split/imported-from';
import { SUBSETS } from '@microtome/domain/split/subset';
import { checkText } from '@microtome/domain/text-rules';
import type { Dataset, Split } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { insertSplits } from './create-split.ts';
import { type ImportSplitRequest, type PlaceList, planImportedSplits } from './plan-imported-split.ts';
import { auditSides, type ComputeAudit } from './split-audit.ts';
import type { PlannedSplit } from './split-rows.ts';
import { judgeEvidence } from './stored-evidence.ts';
import { pickWhere } from './subset-patches.ts';

const NOT_YET = 'Near-identical patches were not searched for: that is done once the split is stored.';
const NOT_ANY_MORE = 'Near-identical patches were not searched for: what was found is enough.';

/** How the work is done off the caller's thread; on it where left out. */
type ImportMeans = { place?: PlaceList; compute?: ComputeAudit };

/** A split that a list would become, with the verdict on it. */
export type AuditedImport = {
  dataset: Dataset;
  from: ImportedFrom;
  splits: { planned: PlannedSplit; audit: SplitAudit }[];
};

/**
 * What a list would become; stores nothing.
 * @throws AppError BAD_INPUT with a sentence that names what of the list is wrong, NOT_FOUND for the dataset
 */
export async function previewImportedSplit(
  store: Store,
  request: ImportSplitRequest,
  { place, compute = judgeEvidence }: ImportMeans = {},
): Promise<AuditedImport> {
  const name = request.name === undefined ? undefined : checkText(request.name, 'splitName');
  const { dataset, from, planned, patches, isOnSide } = await planImportedSplits(
    store,
    { ...request, name },
    place,
  );
  const splits = [];
  for (const [at, split] of planned.entries()) {
    const isOn = isOnSide[at]!;
    const sides = SUBSETS.map((subset) =>
      pickWhere(patches, (position) => position < dataset.patchCount && isOn(position, subset)),
    );
    const audit = await auditSides(store, { sides, dataset, compute, whyUnsearched: NOT_YET });
    splits.push({ planned: split, audit });
  }
  return { dataset, from, splits };
}

/**
 * One split, or one a fold. One that exists already (same digest) is returned as it is. What fails its audit is stored with
 * the verdict; what passes is searched for near-identical patches afterwards, as every split is.
 * @throws AppError as `previewImportedSplit`
 */
export async function importSplit(
  store: Store,
  request: ImportSplitRequest,
  means: ImportMeans = {},
): Promise<{ splits: Split[]; found: AuditedImport }> {
  const found = await previewImportedSplit(store, request, means);
  const planned = found.splits.map(({ planned: split, audit }) =>
    audit.passed ? split : { ...split, row: { ...split.row, audit: { ...audit, notes: closeNotes(audit) } } },
  );
  const splits = await store.database.prisma.$transaction((tx) => insertSplits(tx, planned));
  return { splits, found };
}

function closeNotes({ notes }: SplitAudit): string[] {
  return notes.map((note) => (note === NOT_YET ? NOT_ANY_MORE : note));
}

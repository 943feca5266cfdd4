/** What an import tells when it is over: what came in, patient by patient, and everything that did not. */
import { invariant } from '@microtome/domain/app-error';
import type { PlacesFrom } from '@microtome/domain/slide/patch-name';
import type { ProposedTask } from '@microtome/domain/task/propose-task';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import type { ChangeLog } from './change-log.ts';
import type { PackedPatches } from './packing/pack-patches.ts';
import { type CataloguedPatient, type CataloguedSlide, sumClassCounts } from './packing/patch-catalogue.ts';
import type { ChangeCode, PixelChange } from './pixels/pixel-change.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import type { RefusalLog } from './refusal-log.ts';

export type ImportReport = {
  /** What its splits are by, as far as the source tells. */
  unit: SplittingUnit;
  /** That a larger unit is told of some patches and not of all. */
  unitNotice: string | null;
  digest: string;
  patchSizePx: number;
  /** Full-size patches; strips are counted apart. */
  patchCount: number;
  /** Every class of the source with its full-size patches, by position. */
  classes: { name: string; patchCount: number }[];
  /** The task that the dataset got; null where it has one class alone. */
  task: ProposedTask | null;
  /** Patches at a slide's edge that are smaller than the patch size: kept, but left out of training. */
  stripCount: number;
  patients: CataloguedPatient[];
  slides: CataloguedSlide[];
  /** Files that `maxPatches` left out. */
  leftOutCount: number;
  refusedCount: number;
  refusedByCode: Partial<Record<RefusalCode, number>>;
  /** The refusals that are listed (all are counted), sorted by path. */
  refusals: Refusal[];
  /** Files whose pixels were changed so that they are 8-bit RGB, by what was changed; one file may count in several. */
  changedByCode: Partial<Record<ChangeCode, number>>;
  /** The changes that are listed (all are counted), sorted by path. */
  changes: PixelChange[];
  /** The number that the names of the source give to the first column and row. */
  placesFrom: PlacesFrom;
  /** Per channel (red, green, blue), values 0..1, over full-size patches. */
  channelMean: number[];
  channelSd: number[];
  /** Files that were decoded, accepted or not, and the seconds from the first to the last. */
  decodedFiles: number;
  decodeSeconds: number;
  seconds: number;
};

type ReportFacts = {
  unit: SplittingUnit;
  unitNotice: string | null;
  classes: readonly { name: string }[];
  task: ProposedTask | null;
  packed: PackedPatches;
  refusalLog: RefusalLog;
  changeLog: ChangeLog;
  placesFrom: PlacesFrom;
  digest: string;
  patchSizePx: number;
  leftOutCount: number;
  decodedFiles: number;
  decodeSeconds: number;
  seconds: number;
};

export function createImportReport({
  packed,
  refusalLog,
  changeLog,
  classes,
  ...facts
}: ReportFacts): ImportReport {
  const { patients, slides, patches, strips } = packed.catalogue;
  invariant(packed.channels, 'a report on an import without full-size patches');
  return {
    ...facts,
    patchCount: patches.count,
    classes: sumClassCounts(patients).map((patchCount, position) => {
      return { name: classes[position]?.name ?? '', patchCount };
    }),
    stripCount: strips.count,
    patients,
    slides,
    refusedCount: refusalLog.count(),
    refusedByCode: refusalLog.countsByCode(),
    refusals: refusalLog.listed(),
    changedByCode: changeLog.countsByCode(),
    changes: changeLog.listed(),
    channelMean: packed.channels.mean,
    channelSd: packed.channels.sd,
  };
}

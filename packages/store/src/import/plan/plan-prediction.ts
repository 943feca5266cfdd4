/**
 * Which files of a source can be predicted. Images of any name can; those with IDC's names are placed on their slides, by
 * the rules of an import, except that no folders are demanded.
 */
import { isImageName } from '@microtome/domain/source/file-path';
import { IDC_FLAT } from '@microtome/domain/source/layout/idc';
import { FactPool, type ToldPatch } from '../facts/told-patch.ts';
import type { Refuse } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';
import { planSource } from './plan-source.ts';
import { type ImportPlan, isPlaced, type PlacedPatch } from './planned-patch.ts';

type PredictionPlan = Pick<ImportPlan, 'placesFrom'> & {
  patches: PlacedPatch[];
  /** Images of other names, in the order of their paths. */
  unnamed: SourceFile[];
};

export function planPrediction(files: readonly SourceFile[], refuse: Refuse): PredictionPlan {
  const told: ToldPatch[] = [];
  const unnamed: SourceFile[] = [];
  const pool = new FactPool();
  for (const file of files) {
    if (!isImageName(file.path)) {
      refuse({ path: file.path, code: 'STRAY_FILE', reason: 'It is no image by its name.' });
      continue;
    }
    const reading = IDC_FLAT.readPath(file.path);
    if (reading.ok) told.push({ file, facts: pool.complete(reading.facts) });
    else if (reading.fault.code === 'NAME_UNPARSEABLE') unnamed.push(file);
    else refuse({ path: file.path, ...reading.fault });
  }
  unnamed.sort((left, right) => (left.path < right.path ? -1 : 1));
  const named = { told, layout: IDC_FLAT, keysOf: IDC_FLAT.keysOf, unit: null, unlabelled: false };
  const { patches, placesFrom } = planSource(named, refuse);
  return { patches: patches.filter(isPlaced), placesFrom, unnamed };
}

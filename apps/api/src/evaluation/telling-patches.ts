/** The patches of a run's evaluation that tell a person most, with where they lie and what the run says of them. */
import { findTellingPatches, type TellingKind } from '@microtome/domain/evaluation/telling-patches';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import type { Evaluation } from '@microtome/store/generated/prisma/client';
import { getRun } from '@microtome/store/run/runs';
import { requireSplit } from '@microtome/store/run/split-run';
import type { PredictionServices } from './prediction-reader.ts';

export type TellingPatch = {
  datasetId: string;
  index: number;
  patientKey: string;
  slideId: string;
  /** Null where the source tells no place. */
  x: number | null;
  y: number | null;
  widthPx: number;
  heightPx: number;
  className: string;
  isPositive: boolean;
  probability: number;
  isCalled: boolean;
};

type Asked = { kind: TellingKind; count: number };

/** SEALED for TEST before it was opened. */
export async function listTellingPatches(
  { store, predictions }: PredictionServices,
  { runId, subset, threshold }: Pick<Evaluation, 'runId' | 'subset' | 'threshold'>,
  { kind, count }: Asked,
): Promise<TellingPatch[]> {
  const { datasetId } = requireSplit(await getRun(store, runId));
  const { scored, patches } = await loadScored(store, { runId, subset }, predictions);
  const classes = await store.database.prisma.datasetClass.findMany({ where: { datasetId } });
  const names = new Map(classes.map(({ position, name }) => [position, name]));
  return findTellingPatches(scored, { kind, threshold, count }).map((at) => {
    const number = (column: ArrayLike<number>) => column[at] as number;
    const place = (column: ArrayLike<number>) => (number(column) < 0 ? null : number(column));
    const probability = number(scored.probabilities);
    return {
      datasetId,
      index: number(patches.indexes),
      patientKey: patches.patientKeys[number(patches.patients)] ?? '',
      slideId: patches.slideIds[number(patches.slides)] ?? '',
      x: place(patches.x),
      y: place(patches.y),
      widthPx: number(patches.widthPx),
      heightPx: number(patches.heightPx),
      className: names.get(number(patches.classes)) ?? '',
      isPositive: number(scored.labels) === 1,
      probability,
      isCalled: probability >= threshold,
    };
  });
}

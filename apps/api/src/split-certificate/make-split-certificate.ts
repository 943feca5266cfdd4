/** The certificate of a stored split, with the list from which it can be made again. */
import type { SplitCertificate } from '@microtome/domain/listed-split/split-certificate';
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import { listSplit, type SplitList } from '@microtome/store/split/split-list';
import type { Store } from '@microtome/store/store';
import type { Background } from '../background/background.ts';

type CertifiedSplit = SplitList & { certificate: SplitCertificate };

/** NOT_FOUND when there is no such split. */
export async function makeSplitCertificate(
  { store, background }: { store: Store; background: Background },
  splitId: string,
): Promise<CertifiedSplit> {
  const listed = await listSplit(store, splitId);
  const { split, dataset, list } = listed;
  const { name, digest, strategy } = split;
  const certificate = await background.certify({
    list,
    split: {
      dataset: { name: dataset.name, digest: dataset.digest, unit: dataset.unit },
      split: { name, digest, strategy, isUnsafe: isUnsafeSplit(split) },
      patches: [
        { side: 'TRAIN', patches: split.trainPatches },
        { side: 'VALIDATION', patches: split.validationPatches },
        { side: 'TEST', patches: split.testPatches },
      ],
      leftOutUnits: split.leftOutPatients,
      audit: split.audit,
    },
  });
  return { ...listed, certificate };
}

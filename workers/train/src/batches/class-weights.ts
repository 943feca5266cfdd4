/** How much a patch of each class weighs in the loss, and by how much training favours one class over the other. */
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';

/**
 * [weight of class 0, weight of class 1], mean 1 over what an epoch shows. `balanced`: n / (2 n_c), so both classes
 * weigh the same in total; with balanced patients n_c counts what the sampling shows, not what the list holds.
 */
export function weighClasses(request: {
  labels: Uint8Array;
  patients: Int32Array;
  weighting: Hyperparameters['classWeighting'];
  sampling: 'patch' | 'balanced';
}): [number, number] {
  if (request.weighting !== 'balanced') return [1, 1];
  const share = request.sampling === 'patch' ? meanOf(request.labels) : meanByPatient(request);
  if (share === 0 || share === 1) return [1, 1];
  return [1 / (2 * (1 - share)), 1 / (2 * share)];
}

/**
 * What the run as a whole counts each class for. Classes that are sampled equally often pull the log-odds as weights in
 * the loss would, so VALIDATION's loss weighs them and the probability is corrected for them in the same way.
 */
export function favourClasses(request: Parameters<typeof weighClasses>[0]): [number, number] {
  return weighClasses(request.weighting === 'sampled' ? { ...request, weighting: 'balanced' } : request);
}

function meanOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanByPatient({ labels, patients }: { labels: Uint8Array; patients: Int32Array }): number {
  const counts = new Map<number, { patches: number; positives: number }>();
  patients.forEach((patient, position) => {
    const count = counts.get(patient) ?? { patches: 0, positives: 0 };
    counts.set(patient, {
      patches: count.patches + 1,
      positives: count.positives + (labels[position] as number),
    });
  });
  const shares = [...counts.values()].map(({ patches, positives }) => positives / patches);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

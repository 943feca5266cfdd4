/**
 * What a GPU is measured at, most telling first: a sitting on such a machine is short, and what does not fit into it is
 * left out from the end.
 */
import { ARCHITECTURE_NAMES } from '@microtome/domain/network/architectures';

export type GpuCase = { network: string; patchSizePx: number; batchSize: number };

const FIRST_NETWORKS = ['deep', 'shallow', 'resnet', 'mobile'];

/** Sizes and batches, in the order in which all networks are measured at them. */
const ROUNDS: readonly Omit<GpuCase, 'network'>[] = [
  { patchSizePx: 96, batchSize: 256 },
  { patchSizePx: 50, batchSize: 256 },
  { patchSizePx: 224, batchSize: 64 },
  { patchSizePx: 96, batchSize: 1024 },
  { patchSizePx: 50, batchSize: 1024 },
  { patchSizePx: 224, batchSize: 256 },
  { patchSizePx: 96, batchSize: 64 },
  { patchSizePx: 50, batchSize: 64 },
  { patchSizePx: 224, batchSize: 1024 },
];

/** All cases in the order in which they are worth their time; `only` takes the place of what the rounds say. */
export function planGpuCases(
  networks: readonly string[] = orderNetworks(),
  only: Partial<Omit<GpuCase, 'network'>> = {},
): GpuCase[] {
  const rounds = new Map(
    ROUNDS.map((round) => ({ ...round, ...only })).map((one) => [JSON.stringify(one), one]),
  );
  return [...rounds.values()].flatMap((round) => networks.map((network) => ({ network, ...round })));
}

function orderNetworks(): string[] {
  const others = ARCHITECTURE_NAMES.filter((name) => !FIRST_NETWORKS.includes(name));
  return [...FIRST_NETWORKS, ...others];
}

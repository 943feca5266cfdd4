/**
 * Reads, hashes and decodes planned patches on all cores, and packs them in order: full-size patches into one
 * row of shards, edge strips into another. Each file is read and decoded once.
 */
import { hash } from 'node:crypto';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import { mapInOrder } from '../map-in-order.ts';
import { type ChannelStatistics, createChannelCounter } from './channel-statistics.ts';
import { type DecodedPatch, decodePatch } from './decode.ts';
import { namePatch, type PlannedPatch } from './import-plan.ts';
import { createPatchCatalogue, type PatchCatalogue } from './patch-catalogue.ts';
import { accept, type Checked, type Fault, type Refuse } from './refusal.ts';
import { createShardWriter, type ShardWriter, type WrittenShard } from './shard-writer.ts';

/** Patches being read or decoded at once: enough to keep the decoder's threads busy, few enough for memory. */
const PATCHES_IN_FLIGHT = 12;
/** Pixels of strips that are held back for one patient; a slide's edge needs a hundredth of it. */
const HELD_STRIP_BYTES_MAX = 32 * 1024 * 1024;

export type PackedPatches = {
  catalogue: PatchCatalogue;
  /** Null when no full-size patch was found. */
  channels: ChannelStatistics | null;
  patchShards: WrittenShard[];
  stripShards: WrittenShard[];
};

type PackRequest = {
  planned: readonly PlannedPatch[];
  patchSizePx: number;
  artifacts: Pick<ArtifactStore, 'put'>;
  refuse: Refuse;
  /** Called after each file with how many are done. */
  onFile: (filesDone: number) => void;
  signal: AbortSignal;
};

type ReadyPatch = DecodedPatch & { fileHash: Buffer; pixelHash: Buffer };
type Packing = Omit<PackRequest, 'planned'> & {
  catalogue: PatchCatalogue;
  patchWriter: ShardWriter;
  stripWriter: ShardWriter;
  countPixels: (pixels: Uint8Array) => void;
  /** Strips of the patient at hand, kept back until a full-size patch of that patient was seen. */
  heldStrips: { planned: PlannedPatch; ready: ReadyPatch }[];
  heldStripBytes: number;
};

/** Packs the patches; every one that is not in the catalogue afterwards was refused. */
export async function packPatches(request: PackRequest): Promise<PackedPatches> {
  const counter = createChannelCounter();
  const packing: Packing = {
    ...request,
    catalogue: createPatchCatalogue(request.planned.length),
    patchWriter: createShardWriter({ artifacts: request.artifacts }),
    stripWriter: createShardWriter({ artifacts: request.artifacts }),
    countPixels: (pixels) => counter.add(pixels),
    heldStrips: [],
    heldStripBytes: 0,
  };
  try {
    await packInOrder(packing, request.planned);
    const { catalogue } = packing;
    const channels = catalogue.patches.count > 0 ? counter.summarize() : null;
    const patchShards = await packing.patchWriter.finish();
    return { catalogue, channels, patchShards, stripShards: await packing.stripWriter.finish() };
  } finally {
    await packing.patchWriter.abandon();
    await packing.stripWriter.abandon();
  }
}

async function packInOrder(packing: Packing, planned: readonly PlannedPatch[]): Promise<void> {
  const decoded = mapInOrder(planned, { inFlightMax: PATCHES_IN_FLIGHT, work: prepare });
  let position = 0;
  for await (const checked of decoded) {
    packing.signal.throwIfAborted();
    const patch = planned[position] as PlannedPatch;
    if (checked.ok) await packOne(packing, patch, checked.value);
    else packing.refuse({ path: patch.file.path, ...checked.fault });
    position += 1;
    if (planned[position]?.patientKey !== patch.patientKey) await settleStrips(packing, patch.patientKey);
    packing.onFile(position);
  }
}

async function prepare({ file }: PlannedPatch): Promise<Checked<ReadyPatch>> {
  const bytes = await file.read();
  if (!bytes.ok) return bytes;
  const decoded = await decodePatch(bytes.value);
  if (!decoded.ok) return decoded;
  const fileHash = hash('sha256', bytes.value, 'buffer');
  const pixelHash = hash('sha256', decoded.value.pixels, 'buffer');
  return accept({ ...decoded.value, fileHash, pixelHash });
}

async function packOne(packing: Packing, planned: PlannedPatch, ready: ReadyPatch): Promise<void> {
  const { patchSizePx } = packing;
  if (ready.width > patchSizePx || ready.height > patchSizePx) {
    packing.refuse({ path: planned.file.path, ...describeWrongSize(ready, patchSizePx) });
  } else if (ready.width < patchSizePx || ready.height < patchSizePx) {
    await holdStrip(packing, planned, ready);
  } else {
    packing.countPixels(ready.pixels);
    const byteOffset = await packing.patchWriter.add(ready.pixels);
    packing.catalogue.addPatch(toRow(planned, ready, byteOffset));
  }
}

function describeWrongSize({ width, height }: DecodedPatch, patchSizePx: number): Fault {
  const reason = `It has ${width} x ${height} pixels; patches of this data set have ${patchSizePx} x ${patchSizePx}.`;
  return { code: 'NOT_PATCH_SIZE', reason };
}

async function holdStrip(packing: Packing, planned: PlannedPatch, ready: ReadyPatch): Promise<void> {
  if (packing.heldStripBytes + ready.pixels.length > HELD_STRIP_BYTES_MAX) {
    const reason = `Patient ${planned.patientKey} has far more images below ${packing.patchSizePx} pixels than a slide has edges.`;
    packing.refuse({ path: planned.file.path, code: 'NOT_PATCH_SIZE', reason });
    return;
  }
  packing.heldStrips.push({ planned, ready });
  packing.heldStripBytes += ready.pixels.length;
}

/** A patient's strips are kept beside its patches; a patient of strips alone has nothing to train or test on. */
async function settleStrips(packing: Packing, patientKey: string): Promise<void> {
  const hasPatches = packing.catalogue.patients.at(-1)?.key === patientKey;
  packing.heldStripBytes = 0;
  for (const { planned, ready } of packing.heldStrips.splice(0)) {
    if (hasPatches) {
      const byteOffset = await packing.stripWriter.add(ready.pixels);
      packing.catalogue.addStrip(toRow(planned, ready, byteOffset));
    } else {
      const reason = `Patient ${patientKey} has edge strips only and no patch of full size.`;
      packing.refuse({ path: planned.file.path, code: 'ONLY_STRIPS', reason });
    }
  }
}

function toRow(planned: PlannedPatch, ready: ReadyPatch, byteOffset: number) {
  const { patientKey, x, y, label } = planned;
  const { width: widthPx, height: heightPx, fileHash, pixelHash } = ready;
  return {
    name: namePatch(planned),
    patientKey,
    x,
    y,
    widthPx,
    heightPx,
    label,
    byteOffset,
    fileHash,
    pixelHash,
  };
}

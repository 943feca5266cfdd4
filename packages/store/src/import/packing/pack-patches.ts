/**
 * Reads, hashes and decodes planned patches on all cores, and packs them in order: full-size patches into one
 * row of shards, edge strips into another. Each file is read and decoded once.
 */
import { hash } from 'node:crypto';
import { invariant } from '@microtome/domain/app-error';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import { joinReach, type SlideReach } from '@microtome/domain/slide/slide-extent';
import type { ArtifactStore } from '../../artifacts/artifacts.ts';
import { mapInOrder } from '../../map-in-order.ts';
import { type ChannelStatistics, createChannelCounter } from '../pixels/channel-statistics.ts';
import { releasePixels } from '../pixels/decoder-memory.ts';
import { type FitRules, fitPatch } from '../pixels/fit-patch.ts';
import { JPEG_THREADS_MAX } from '../pixels/jpeg-threads.ts';
import type { PixelChange } from '../pixels/pixel-change.ts';
import { type PatchReading, type ReadPatch, readPatches } from '../pixels/read-patch.ts';
import {
  isPlaced,
  namePatch,
  nameSlide,
  type PlacedPatch,
  type PlannedClass,
  type PlannedPatch,
} from '../plan/planned-patch.ts';
import type { Refuse } from '../refusal.ts';
import { type CataloguedSlide, createPatchCatalogue, type PatchCatalogue } from './patch-catalogue.ts';
import { describeOnlyStrips, describeWrongSize, findStripFault } from './patch-size.ts';
import { createShardWriter, type ShardWriter, type WrittenShard } from './shard-writer.ts';

/** Patches that are read and decoded together, and such groups at once: enough to keep the decoders' threads busy. */
const GROUP_PATCHES_MAX = 16;
const GROUPS_IN_FLIGHT = JPEG_THREADS_MAX + 1;
/** Of decoded pixels in flight, few enough for memory; a single patch is always taken. */
const GROUP_BYTES_MAX = 4 * 1024 * 1024;
/** Pixels of strips that are held back for one patient; a slide's edge needs a hundredth of it. */
const HELD_STRIP_BYTES_MAX = 32 * 1024 * 1024;
const NO_REACH: SlideReach = { right: 0, bottom: 0 };

export type PackedPatches = {
  catalogue: PatchCatalogue;
  /** Null when no full-size patch was found. */
  channels: ChannelStatistics | null;
  patchShards: WrittenShard[];
  stripShards: WrittenShard[];
};

export type PackRequest = {
  planned: readonly PlannedPatch[];
  /** All classes of the source, by position. */
  classes: readonly PlannedClass[];
  patchSizePx: number;
  /** What becomes of pictures of another shape or size. */
  fit: FitRules;
  /** How far each slide reaches by what is told of all its files, packed or not. */
  reaches: ReadonlyMap<string, SlideReach>;
  artifacts: Pick<ArtifactStore, 'put'>;
  refuse: Refuse;
  /** Told of each change to the pixels of a file that is packed. */
  onChange: (change: PixelChange) => void;
  /** Called after each file with how many are done. */
  onFile: (filesDone: number) => void;
  signal: AbortSignal;
};

type ReadyPatch = Omit<ReadPatch, 'bytes'> & { fileHash: Buffer; pixelHash: Buffer };
type Ready = Pick<PatchReading, 'refusals'> & { patch: ReadyPatch | null };
type HeldStrip = { planned: PlacedPatch; ready: ReadyPatch };
type Packable = { planned: PlannedPatch; ready: ReadyPatch };
type Packing = Omit<PackRequest, 'planned'> & {
  catalogue: PatchCatalogue;
  patchWriter: ShardWriter;
  stripWriter: ShardWriter;
  countPixels: (pixels: Uint8Array) => void;
  /** Strips of the slide at hand, kept back until all of that slide was seen. */
  heldStrips: HeldStrip[];
  heldStripBytes: number;
};

/** Packs the patches; every one that is not in the catalogue afterwards was refused. */
export async function packPatches(request: PackRequest): Promise<PackedPatches> {
  const counter = createChannelCounter();
  const packing: Packing = {
    ...request,
    catalogue: createPatchCatalogue(request.planned.length, request.classes.length),
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
  const groups = mapInOrder(listGroups(planned, packing.patchSizePx), {
    inFlightMax: GROUPS_IN_FLIGHT,
    work: (group) => prepare(group, packing),
  });
  let position = 0;
  for await (const group of groups) {
    for (const { patch: ready, refusals } of group) {
      packing.signal.throwIfAborted();
      const patch = planned[position] as PlannedPatch;
      for (const refusal of refusals) packing.refuse(refusal);
      if (ready) await packOne(packing, patch, ready);
      position += 1;
      const next = planned[position];
      if (!next || nameSlide(next) !== nameSlide(patch)) await settleStrips(packing, patch);
      packing.onFile(position);
    }
    for (const { patch } of group) if (patch) releasePixels(patch.pixels);
  }
}

function* listGroups(planned: readonly PlannedPatch[], patchSizePx: number): Generator<PlannedPatch[]> {
  const fitting = Math.floor(GROUP_BYTES_MAX / (patchSizePx * patchSizePx * RGB_CHANNELS));
  const size = Math.max(1, Math.min(GROUP_PATCHES_MAX, fitting));
  for (let start = 0; start < planned.length; start += size) yield planned.slice(start, start + size);
}

async function prepare(group: readonly PlannedPatch[], packing: Packing): Promise<Ready[]> {
  const readings = await readPatches(group);
  return Promise.all(readings.map((reading) => makeReady(reading, packing)));
}

async function makeReady({ patch, refusals }: PatchReading, packing: Packing): Promise<Ready> {
  if (!patch) return { patch, refusals };
  const { fit: rules, patchSizePx } = packing;
  const { bytes, ...kept } = await fitPatch(patch, { patchSizePx, rules });
  const fileHash = hash('sha256', bytes, 'buffer');
  return { patch: { ...kept, fileHash, pixelHash: hash('sha256', kept.pixels, 'buffer') }, refusals };
}

async function packOne(packing: Packing, planned: PlannedPatch, ready: ReadyPatch): Promise<void> {
  const { patchSizePx } = packing;
  if (ready.width > patchSizePx || ready.height > patchSizePx) {
    packing.refuse({ path: ready.path, ...describeWrongSize(ready, patchSizePx) });
  } else if (ready.width < patchSizePx || ready.height < patchSizePx) {
    await holdStrip(packing, planned, ready);
  } else {
    packing.countPixels(ready.pixels);
    const byteOffset = await packing.patchWriter.add(ready.pixels);
    packing.catalogue.addPatch(toRow(packing, { planned, ready }, byteOffset));
    tellChanges(packing, ready);
  }
}

function tellChanges({ onChange }: Packing, { path, changes }: ReadyPatch): void {
  for (const code of changes) onChange({ path, code });
}

/** Where places are not told, a smaller picture is not known to be a slide's edge. */
async function holdStrip(packing: Packing, planned: PlannedPatch, ready: ReadyPatch): Promise<void> {
  if (!isPlaced(planned)) {
    packing.refuse({ path: ready.path, ...describeWrongSize(ready, packing.patchSizePx) });
    return;
  }
  if (packing.heldStripBytes + ready.pixels.length > HELD_STRIP_BYTES_MAX) {
    const reason = `'${planned.patientKey}' has far more images below ${packing.patchSizePx} pixels than a slide has edges.`;
    packing.refuse({ path: ready.path, code: 'NOT_PATCH_SIZE', reason });
    return;
  }
  packing.heldStrips.push({ planned, ready: { ...ready, pixels: Uint8Array.from(ready.pixels) } });
  packing.heldStripBytes += ready.pixels.length;
}

/** Strips are kept only for a slide with full-size patches: without those there is nothing to train or test on. */
async function settleStrips(packing: Packing, { patientKey, slideKey }: PlannedPatch): Promise<void> {
  const held = packing.heldStrips.splice(0);
  packing.heldStripBytes = 0;
  if (held.length === 0) return;
  const { patients, slides } = packing.catalogue;
  const slide = patients.at(-1)?.key === patientKey && slides.at(-1)?.key === slideKey ? slides.at(-1) : null;
  const hasPatches = Boolean(slide);
  const reach = measureSlide(packing, { slide, named: nameSlide({ patientKey, slideKey }) }, held);
  for (const strip of held) {
    const fault = hasPatches
      ? findStripFault({ ...strip.ready, x: strip.planned.x, y: strip.planned.y }, reach, packing.patchSizePx)
      : describeOnlyStrips(patientKey, packing.patchSizePx);
    if (fault) {
      packing.refuse({ path: strip.ready.path, ...fault });
      continue;
    }
    const byteOffset = await packing.stripWriter.add(strip.ready.pixels);
    packing.catalogue.addStrip(toRow(packing, strip, byteOffset));
    tellChanges(packing, strip.ready);
  }
}

/** As far as the source tells of every file of the slide, and sizes of those that were read. */
function measureSlide(
  packing: Packing,
  { slide, named: name }: { slide: CataloguedSlide | null | undefined; named: string },
  held: readonly HeldStrip[],
): SlideReach {
  const named = packing.reaches.get(name) ?? NO_REACH;
  const packed = slide ? { right: slide.widthPx ?? 0, bottom: slide.heightPx ?? 0 } : NO_REACH;
  return held
    .map(({ planned, ready }) => ({ right: planned.x + ready.width, bottom: planned.y + ready.height }))
    .reduce(joinReach, joinReach(named, packed));
}

function toRow({ classes }: Packing, { planned, ready }: Packable, byteOffset: number) {
  const { patientKey, slideKey, site, micronsPerPixel, givenSubset, x, y, classPosition } = planned;
  const { path, width: widthPx, height: heightPx, fileHash, pixelHash } = ready;
  const ofClass = classes[classPosition];
  invariant(ofClass, `${path} is of class ${classPosition} of ${classes.length}`);
  const name = namePatch(planned, ofClass, path);
  const cutFrom = planned.file.cutFrom ?? null;
  const told = { patientKey, slideKey, site, micronsPerPixel, givenSubset, cutFrom, x, y };
  return { name, path, ...told, widthPx, heightPx, classPosition, byteOffset, fileHash, pixelHash };
}

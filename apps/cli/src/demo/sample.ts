/**
 * The small dataset of the demo where there is none at hand: patches in the IDC layout, drawn and not scanned,
 * and named `generated-sample` wherever they appear. Patients differ in stain, size and share of tumour, tumour
 * lies in one region of a slide, and what tells it apart (more, larger, darker nuclei, less fat and stroma)
 * overlaps, so that a network learns most of it and never all.
 */
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createRandom, deriveSeed, gaussian, type SeededRandom } from '@microtome/domain/seeded-random';
import { formatPatchName } from '@microtome/domain/slide/patch-name';
import { encodePng } from './encode-png.ts';
import { choosePatientStyle, drawTissue } from './sample-tissue.ts';

const SAMPLE_NAME = 'generated-sample';
/** Part of the cached folder's path: raised whenever the same seed would give other pixels. */
const SAMPLE_VERSION = 1;
const SAMPLE_PATIENTS = 24;
const SAMPLE_PATCHES_PER_PATIENT = 62;
const PATCH_SIZE_PX = 50;
/** Ten digits: no patient of a public dataset has such a key. */
const FIRST_PATIENT_KEY = 9_000_000_001;
/** Shares of patches whose label is not what the picture shows, as in labels drawn from a coarse outline. */
const LABEL_NOISE = 0.03;
/** Every fourth slide ends in a row of strips, as scanned slides do. */
const STRIPS_EVERY = 4;
const STRIPS_PER_SLIDE = 3;
const FILES_IN_FLIGHT = 16;

type SampleRequest = {
  seed: number;
  patients: number;
  /** On average; patients have 0.5 to 1.5 times as many. */
  patchesPerPatient: number;
  /** The folder to write; its parent must exist or be creatable, itself must not exist. */
  path: string;
};

type Cell = { column: number; row: number; heightPx: number; label: 0 | 1; looksLike: 0 | 1 };

/** Writes the sample; the same request writes the same bytes. Resolves to the number of files. */
export async function generateSample({
  seed,
  patients,
  patchesPerPatient,
  path,
}: SampleRequest): Promise<number> {
  let files = 0;
  await mkdir(path, { recursive: true });
  for (let index = 0; index < patients; index++) {
    const patientKey = String(FIRST_PATIENT_KEY + index);
    const random = createRandom(deriveSeed(seed, 'sample', index));
    const cells = layOutSlide({ random, patchesPerPatient, hasStrips: index % STRIPS_EVERY === 0 });
    files += await writePatient({ random, patientKey, cells, path });
  }
  return files;
}

/** A sample below the home folder, of the demo's size by default, written at the first call. Resolves to its path. */
export async function ensureSample({
  homeDir,
  seed,
  patients = SAMPLE_PATIENTS,
  patchesPerPatient = SAMPLE_PATCHES_PER_PATIENT,
  onStep,
}: Pick<SampleRequest, 'seed'> &
  Partial<SampleRequest> & { homeDir: string; onStep: (message: string) => void }): Promise<string> {
  const folder = `v${SAMPLE_VERSION}-seed-${seed}-${patients}x${patchesPerPatient}`;
  const path = join(homeDir, 'samples', folder, SAMPLE_NAME);
  if (await exists(path)) return path;
  onStep('Drawing the generated sample');
  await mkdir(dirname(path), { recursive: true });
  const unfinished = await mkdtemp(join(dirname(path), 'unfinished-'));
  try {
    await generateSample({ seed, patients, patchesPerPatient, path: join(unfinished, SAMPLE_NAME) });
    await rename(join(unfinished, SAMPLE_NAME), path);
  } catch (error) {
    // Two demos at once draw the same bytes: whichever comes first stays.
    if (!(await exists(path))) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return path;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Tissue fills an ellipse of the slide's grid, tumour an ellipse somewhere within it. */
function layOutSlide(slide: { random: SeededRandom; patchesPerPatient: number; hasStrips: boolean }): Cell[] {
  const { random } = slide;
  const wanted = Math.max(4, Math.round(slide.patchesPerPatient * (0.5 + random.next())));
  const side = Math.ceil(Math.sqrt(wanted * 1.4)) + 1;
  const middle = (side - 1) / 2;
  const tumor = { column: middle + gaussian(random), row: middle + gaussian(random) };
  const tumorShare = 0.1 + 0.45 * random.next();
  const places = Array.from({ length: side * side }, (_, cell) => ({
    column: cell % side,
    row: Math.floor(cell / side),
  }));
  const tissue = nearest(places, { column: middle, row: middle }, wanted);
  const tumorCells = new Set(nearest(tissue, tumor, Math.max(1, Math.round(wanted * tumorShare))));
  const cells = tissue.map((place): Cell => {
    const looksLike = tumorCells.has(place) ? 1 : 0;
    const label = random.next() < LABEL_NOISE ? (looksLike === 1 ? 0 : 1) : looksLike;
    return { ...place, heightPx: PATCH_SIZE_PX, label, looksLike };
  });
  return slide.hasStrips ? [...cells, ...layOutStrips(random, tissue)] : cells;
}

function nearest<P extends { column: number; row: number }>(
  places: P[],
  to: { column: number; row: number },
  count: number,
): P[] {
  const distance = (place: P) => (place.column - to.column) ** 2 + (place.row - to.row) ** 2;
  return places
    .toSorted((a, b) => distance(a) - distance(b) || a.row - b.row || a.column - b.column)
    .slice(0, count);
}

function layOutStrips(random: SeededRandom, tissue: readonly { column: number; row: number }[]): Cell[] {
  const row = Math.max(...tissue.map((place) => place.row)) + 1;
  const heightPx = 1 + Math.floor(random.next() * 42);
  const columns = tissue.filter((place) => place.row === row - 1).map((place) => place.column);
  return columns
    .slice(0, STRIPS_PER_SLIDE)
    .map((column) => ({ column, row, heightPx, label: 0, looksLike: 0 }));
}

async function writePatient(patient: {
  random: SeededRandom;
  patientKey: string;
  cells: readonly Cell[];
  path: string;
}): Promise<number> {
  const { random, patientKey, cells, path } = patient;
  const style = choosePatientStyle(random);
  for (const label of [0, 1]) await mkdir(join(path, patientKey, String(label)), { recursive: true });
  const writing: Promise<void>[] = [];
  for (const { column, row, heightPx, label, looksLike } of cells) {
    const size = { widthPx: PATCH_SIZE_PX, heightPx };
    const pixels = drawTissue({ random, style, isTumor: looksLike === 1, ...size });
    const name = formatPatchName({
      patientKey,
      x: 1 + column * PATCH_SIZE_PX,
      y: 1 + row * PATCH_SIZE_PX,
      label,
    });
    writing.push(writeFile(join(path, patientKey, String(label), name), encodePng({ pixels, ...size })));
    if (writing.length === FILES_IN_FLIGHT) await Promise.all(writing.splice(0));
  }
  await Promise.all(writing);
  return cells.length;
}

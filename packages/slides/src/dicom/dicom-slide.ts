/**
 * A DICOM slide: the file that was asked for and the others of its series in the same folder, each a level, a part of
 * one, or a picture beside them.
 */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openRandomAccessFile, type RandomAccessFile } from '../file/random-access-file.ts';
import { readRegion } from '../region/read-region.ts';
import { createTileCache } from '../region/tile-cache.ts';
import type { TiledImage } from '../region/tiled-image.ts';
import { makeTiledSlide, type ReadableImage, type SlideOptions } from '../region/tiled-slide.ts';
import { judgeMicronsPerPixel } from '../scale/microns-per-pixel.ts';
import type { Slide } from '../slide.ts';
import { formatNumber, slideFault } from '../slide-fault.ts';
import { openDicomImage } from './dicom-image.ts';
import { type DicomInstance, isDicom, readDicomInstance, readSeries } from './dicom-instance.ts';

const NEIGHBOURS_MAX = 5000;
const INSTANCES_MAX = 500;
const PROPORTION_TOLERANCE = 0.01;
const PICTURE_NAMES: Record<string, string> = {
  LABEL: 'label',
  OVERVIEW: 'macro',
  LOCALIZER: 'macro',
  THUMBNAIL: 'thumbnail',
};

/** Null where the file is no DICOM. It is the caller who closes the file when this throws. */
export async function openDicomSlide(file: RandomAccessFile, options: SlideOptions): Promise<Slide | null> {
  if (!(await isDicom(file))) return null;
  const asked = await readDicomInstance(file);
  const others = await openSeries(asked);
  const closeOthers = async () => {
    await Promise.all(others.map((one) => one.file.close()));
  };
  try {
    const slide = await assemble([asked, ...others], options, async () => {
      await closeOthers();
      await file.close();
    });
    return slide;
  } catch (error) {
    await closeOthers();
    throw error;
  }
}

async function assemble(
  instances: readonly DicomInstance[],
  options: SlideOptions,
  closeFiles: () => Promise<void>,
): Promise<Slide> {
  const { path } = instances[0]!.file;
  const volume = groupParts(instances.filter(({ flavour }) => !(flavour in PICTURE_NAMES)));
  const levels = volume.sort(([a], [b]) => b!.width - a!.width);
  checkLevels(path, levels);
  const images: TiledImage[] = [];
  for (const [index, parts] of levels.entries()) images.push(await openDicomImage(parts, `level ${index}`));
  const associated: ReadableImage[] = [];
  for (const instance of instances) {
    const name = PICTURE_NAMES[instance.flavour];
    if (name) associated.push(await openPicture(instance, name));
  }
  const { micronsX, micronsY } = levels[0]![0]!;
  const micronsPerPixel =
    micronsX === null || micronsY === null
      ? null
      : judgeMicronsPerPixel(path, { x: micronsX, y: micronsY, source: 'pixel spacing' });
  const files = instances.map(({ file }) => file.path).sort();
  const parts = { path, files, images, micronsPerPixel, associated, closeFiles };
  return makeTiledSlide({ ...parts, format: 'DICOM' }, options);
}

function groupParts(instances: readonly DicomInstance[]): DicomInstance[][] {
  const groups = Map.groupBy(instances, (one) => one.part?.of ?? one.file.path);
  return [...groups.values()];
}

function checkLevels(path: string, levels: readonly DicomInstance[][]): void {
  const base = levels[0]?.[0];
  if (!base)
    throw slideFault(
      path,
      'is a picture beside a slide, and no file of its series in its folder has the tissue.',
    );
  if (levels.every(([one]) => one!.isResampled))
    throw slideFault(
      path,
      'has only smaller copies in its folder: the file of its series with the full resolution is missing.',
    );
  for (const [index, [one]] of levels.entries()) {
    const next = levels[index + 1]?.[0];
    const size = `${formatNumber(one!.width)} x ${formatNumber(one!.height)} px`;
    if (next && next.width === one!.width)
      throw slideFault(
        next.file.path,
        `and another file of its series have ${size} each: a stack is not read here.`,
      );
    const stretch = (one!.width / one!.height) * (base.height / base.width);
    const isRounded = Math.abs(one!.height - (one!.width * base.height) / base.width) < 1;
    if (Math.abs(stretch - 1) > PROPORTION_TOLERANCE && !isRounded)
      throw slideFault(
        one!.file.path,
        `has ${size}, other proportions than the ${formatNumber(base.width)} x ${formatNumber(base.height)} px of its series' finest level.`,
      );
  }
}

async function openPicture(instance: DicomInstance, name: string): Promise<ReadableImage> {
  const image = await openDicomImage([instance], name);
  const { width, height } = image;
  const read = () =>
    readRegion(
      { path: instance.file.path, name, image, cache: createTileCache(1) },
      { x: 0, y: 0, width, height },
    );
  return { name, width, height, read };
}

/** The other files of the series in the same folder. A link may lead out of it, and is none of them. */
async function openSeries(asked: DicomInstance): Promise<DicomInstance[]> {
  const { path } = asked.file;
  const folder = dirname(path);
  const entries = await readdir(folder, { withFileTypes: true });
  const neighbours = entries.filter((entry) => entry.isFile() && join(folder, entry.name) !== join(path));
  if (neighbours.length > NEIGHBOURS_MAX)
    throw slideFault(
      path,
      `lies among ${formatNumber(neighbours.length)} files; a DICOM slide needs a folder with at most ${formatNumber(NEIGHBOURS_MAX)}.`,
    );
  const found: DicomInstance[] = [];
  try {
    for (const { name } of neighbours.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = await openIfOfSeries(join(folder, name), asked.series);
      if (!file) continue;
      found.push(await readOrClose(file));
      if (found.length > INSTANCES_MAX)
        throw slideFault(path, `has a series of more than ${formatNumber(INSTANCES_MAX)} files.`);
    }
  } catch (error) {
    await Promise.all(found.map((one) => one.file.close()));
    throw error;
  }
  return found;
}

async function readOrClose(file: RandomAccessFile): Promise<DicomInstance> {
  try {
    return await readDicomInstance(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Null for a file that is something else, or that cannot be opened: it is not what was asked for. */
async function openIfOfSeries(path: string, series: string): Promise<RandomAccessFile | null> {
  let file: RandomAccessFile;
  try {
    file = await openRandomAccessFile(path);
  } catch {
    return null;
  }
  const belongs = (await isDicom(file)) && (await readSeries(file)) === series;
  if (belongs) return file;
  await file.close();
  return null;
}

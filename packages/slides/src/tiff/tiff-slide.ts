/**
 * A tiled TIFF as a slide: which of its pages are levels, which are pictures beside them, and where its scale is told.
 * A page is a level only if it is tiled and has level 0's proportions: label, macro and thumbnail are pages as well.
 */
import sharp from 'sharp';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import { openForeignSlide } from '../native/open-foreign-slide.ts';
import type { TiledImage } from '../region/tiled-image.ts';
import { toRgb } from '../region/tiled-image.ts';
import { makeTiledSlide, type ReadableImage, type SlideOptions } from '../region/tiled-slide.ts';
import { REGION_MAX_PIXELS, type Slide, type SlideFormat } from '../slide.ts';
import { formatNumber, slideFault } from '../slide-fault.ts';
import { isAperio, nameAperioImage, readAperioScale } from './aperio.ts';
import { nameForeignFormat } from './foreign-tiff.ts';
import { checkOneStain, isOme, type OmeImage, readOmeImages, readOmeScale } from './ome-xml.ts';
import { readResolutionScale } from './resolution.ts';
import { openTiff, type TiffReader } from './tiff-directories.ts';
import { openTiffImage } from './tiff-image.ts';
import { readTiffPage, type TiffPage } from './tiff-page.ts';

/** libvips keeps files that it has read from top to bottom, and cannot read such a one again. */
sharp.cache({ files: 0 });

const PROPORTION_TOLERANCE = 0.01;
const SUB_DIRECTORIES_MAX = 64;

type TiledPage = TiffPage & { tile: NonNullable<TiffPage['tile']> };

/** Null where the file is no TIFF. It is the caller who closes the file when this throws. */
export async function openTiffSlide(file: RandomAccessFile, options: SlideOptions): Promise<Slide | null> {
  const reader = await openTiff(file);
  if (!reader) return null;
  const chain = await readPages(reader);
  const first = chain[0];
  if (!first) throw slideFault(file.path, 'is a TIFF without any picture.');
  const foreign = await nameForeignFormat(first);
  if (foreign) return openForeignSlide(file, foreign, options);
  const omeImages = isOme(first.description) ? readOmeImages(file.path, first.description) : null;
  if (omeImages) checkOneStain(file.path, omeImages[0]!);
  const levels = await findLevels(reader, chain);
  const images: TiledImage[] = [];
  for (const [index, page] of levels.entries())
    images.push(await openTiffImage(file, page, `level ${index}`));
  return makeTiledSlide(
    {
      path: file.path,
      files: [file.path],
      format: nameFormat(first, omeImages),
      images,
      micronsPerPixel: await readScale(file.path, { first, base: levels[0]!, omeImages }),
      associated: listAssociated(file.path, { chain, levels, omeImages }),
      closeFiles: () => file.close(),
    },
    options,
  );
}

async function readPages(reader: TiffReader): Promise<TiffPage[]> {
  const pages: TiffPage[] = [];
  for (const [index, directory] of (await reader.readChain()).entries())
    pages.push(await readTiffPage(reader.file, directory, index));
  return pages;
}

/** From fine to coarse. */
async function findLevels(reader: TiffReader, chain: readonly TiffPage[]): Promise<TiledPage[]> {
  const { path } = reader.file;
  const tiled = chain.filter(isTiled);
  const base = largest(tiled);
  if (!base) {
    const size = `${formatNumber(chain[0]!.width)} x ${formatNumber(chain[0]!.height)} px`;
    throw slideFault(
      path,
      `is a TIFF of ${size} without tiles; a slide is tiled, so that parts of it can be read.`,
    );
  }
  const below = (await base.directory.readNumbers('subDirectories', SUB_DIRECTORIES_MAX)) ?? [];
  const subPages: TiffPage[] = [];
  for (const offset of below)
    subPages.push(await readTiffPage(reader.file, await reader.readDirectory(offset), null));
  const levels = [...tiled, ...subPages.filter(isTiled)]
    .filter((page) => page === base || hasProportionsOf(base, page))
    .sort((a, b) => b.width - a.width);
  const twin = levels.find((page, index) => page.width === levels[index + 1]?.width);
  if (twin) {
    const same = levels.filter(({ width }) => width === twin.width).length;
    const size = `${formatNumber(twin.width)} x ${formatNumber(twin.height)} px`;
    throw slideFault(
      path,
      `has ${same} pictures of ${size}: a stack of planes or channels, which is not read here.`,
    );
  }
  return levels;
}

function isTiled(page: TiffPage): page is TiledPage {
  return page.tile !== null;
}

function largest(pages: readonly TiledPage[]): TiledPage | undefined {
  return pages.reduce<TiledPage | undefined>(
    (found, page) => (found && found.width * found.height >= page.width * page.height ? found : page),
    undefined,
  );
}

/** Within 1 %, or the pixel by which a small level was rounded. */
function hasProportionsOf(base: TiffPage, page: TiffPage): boolean {
  const stretch = (page.width / page.height) * (base.height / base.width);
  const expectedHeight = (page.width * base.height) / base.width;
  const expectedWidth = (page.height * base.width) / base.height;
  const isRounded = Math.abs(page.height - expectedHeight) < 1 || Math.abs(page.width - expectedWidth) < 1;
  return Math.abs(stretch - 1) <= PROPORTION_TOLERANCE || isRounded;
}

function nameFormat(first: TiffPage, omeImages: OmeImage[] | null): SlideFormat {
  if (omeImages) return 'OME_TIFF';
  return isAperio(first) ? 'APERIO' : 'TIFF';
}

async function readScale(
  path: string,
  told: { first: TiffPage; base: TiffPage; omeImages: OmeImage[] | null },
): Promise<number | null> {
  const { first, base, omeImages } = told;
  const written = omeImages ? readOmeScale(path, omeImages[0]!) : null;
  if (written !== null) return written;
  if (isAperio(first)) return readAperioScale(path, first.description);
  return readResolutionScale(path, base.directory);
}

function listAssociated(
  path: string,
  found: { chain: readonly TiffPage[]; levels: readonly TiffPage[]; omeImages: OmeImage[] | null },
): ReadableImage[] {
  const { chain, levels, omeImages } = found;
  const isPerPage = omeImages?.length === chain.length;
  return chain
    .filter((page) => !levels.includes(page))
    .map((page) => {
      const ome = isPerPage ? omeImages?.[page.index ?? 0]?.name : undefined;
      const { width, height } = page;
      return { name: ome || nameImage(page), width, height, read: () => readWholePage(path, page) };
    });
}

function nameImage(page: TiffPage): string {
  return isAperio(page) ? nameAperioImage(page.description) : `page ${page.index}`;
}

/** These pages are small and in strips: libvips reads them from the file itself. */
async function readWholePage(path: string, { index, width, height }: TiffPage): Promise<Uint8Array> {
  const what = `the picture on page ${index} of ${formatNumber(width)} x ${formatNumber(height)} px`;
  if (width * height > REGION_MAX_PIXELS) throw slideFault(path, `is not read whole: ${what} is too large.`);
  try {
    const { data, info } = await sharp(path, { page: index ?? 0, limitInputPixels: REGION_MAX_PIXELS })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return toRgb(data, info.channels);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw slideFault(path, `is damaged: ${what} cannot be decoded (${reason}).`, error);
  }
}

/**
 * The OME-XML in a TIFF's first description: which pictures the file holds, their scale, and whether they are stacks.
 * It is read by hand where tags would mislead, and never followed: no entity, no other file.
 */
import { walkXml } from '@microtome/domain/xml/walk-xml';
import { judgeMicronsPerPixel } from '../scale/microns-per-pixel.ts';
import { formatNumber, nameFile, quoted, slideFault } from '../slide-fault.ts';

export type OmeImage = {
  name: string;
  width: number;
  height: number;
  planes: number;
  timePoints: number;
  channels: number;
  samplesPerPixel: number;
  /** Null where the file does not tell it in a unit of length. */
  micronsX: number | null;
  micronsY: number | null;
};

const MICRONS_PER_UNIT: Record<string, number> = {
  nm: 0.001,
  µm: 1,
  μm: 1,
  um: 1,
  mm: 1000,
  cm: 10_000,
  m: 1_000_000,
};

export function isOme(description: string): boolean {
  return /^\s*</.test(description) && /<(\w+:)?OME[\s>]/.test(description);
}

export function readOmeImages(path: string, description: string): OmeImage[] {
  const images: OmeImage[] = [];
  let name = '';
  walkXml(description, `${nameFile(path)}: its OME-XML`, {
    open({ name: element, attributes }) {
      if (element === 'Image') name = attributes.Name ?? '';
      if (element === 'Pixels') images.push(readPixels(name, attributes));
      const last = images.at(-1);
      if (element === 'Channel' && last) last.samplesPerPixel = Number(attributes.SamplesPerPixel ?? 1);
    },
  });
  if (images.length === 0) throw slideFault(path, 'has OME-XML that names no picture.');
  return images;
}

/** A slide has one plane, one moment, and its colours in one picture. */
export function checkOneStain(
  path: string,
  { planes, timePoints, channels, samplesPerPixel, name }: OmeImage,
): void {
  const told = `is an OME-TIFF whose picture ${quoted(name)} has`;
  if (planes > 1)
    throw slideFault(path, `${told} ${formatNumber(planes)} focal planes; a stack is not read here.`);
  if (timePoints > 1)
    throw slideFault(path, `${told} ${formatNumber(timePoints)} moments; a film is not read here.`);
  if (channels > samplesPerPixel)
    throw slideFault(
      path,
      `${told} ${formatNumber(channels)} channels apart (fluorescence); stained tissue in red, green and blue is read here.`,
    );
}

export function readOmeScale(path: string, { micronsX, micronsY }: OmeImage): number | null {
  if (micronsX === null || micronsY === null) return null;
  return judgeMicronsPerPixel(path, { x: micronsX, y: micronsY, source: 'PhysicalSizeX and Y' });
}

function readPixels(name: string, attributes: Record<string, string>): OmeImage {
  const count = (key: string) => Number(attributes[key] ?? 1);
  return {
    name,
    width: count('SizeX'),
    height: count('SizeY'),
    planes: count('SizeZ'),
    timePoints: count('SizeT'),
    channels: count('SizeC'),
    samplesPerPixel: 1,
    micronsX: readLength(attributes, 'PhysicalSizeX'),
    micronsY: readLength(attributes, 'PhysicalSizeY'),
  };
}

function readLength(attributes: Record<string, string>, key: string): number | null {
  const written = attributes[key];
  const perUnit = MICRONS_PER_UNIT[attributes[`${key}Unit`] ?? 'µm'];
  return written === undefined || perUnit === undefined ? null : Number(written) * perUnit;
}

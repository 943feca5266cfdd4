/**
 * Squares cut from a tiled JPEG pyramid, next to sharp alone on the same squares: regions a second, processor time a region,
 * and memory. Options: `--width 8000`, `--height 6000`, `--side 224`, `--at-once 4`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSlide } from '@microtome/slides/open-slide';
import sharp from 'sharp';
import { seededPicture } from '../slides/seeded-picture.ts';

const { values: options } = parseArgs({
  options: {
    width: { type: 'string', default: '8000' },
    height: { type: 'string', default: '6000' },
    side: { type: 'string', default: '224' },
    'at-once': { type: 'string', default: '4' },
  },
});
const [width, height, side, atOnce] = [options.width, options.height, options.side, options['at-once']].map(
  Number,
) as [number, number, number, number];

const dir = await mkdtemp(join(tmpdir(), 'microtome-bench-slides-'));
try {
  const path = join(dir, 'slide.tif');
  await seededPicture(width, height, 7)
    .tiff({ tile: true, tileWidth: 256, tileHeight: 256, pyramid: true, compression: 'jpeg', bigtiff: true })
    .toFile(path);
  const slide = await openSlide(path);
  const ours = await measure((left, top) => slide.readRegion(0, left, top, side, side));
  await slide.close();
  const alone = await measure((left, top) =>
    sharp(path, { page: 0 }).extract({ left, top, width: side, height: side }).raw().toBuffer(),
  );
  console.table({ 'openSlide, readRegion': ours, 'sharp alone': alone });
  console.log(JSON.stringify({ width, height, side, atOnce, ours, alone }));
} finally {
  await rm(dir, { recursive: true, force: true });
}

async function measure(read: (left: number, top: number) => Promise<Uint8Array>) {
  const places: [number, number][] = [];
  for (let top = 0; top + side <= height; top += side) {
    for (let left = 0; left + side <= width; left += side) places.push([left, top]);
  }
  const started = performance.now();
  const usage = process.cpuUsage();
  let next = 0;
  const work = async () => {
    for (let place = places[next++]; place; place = places[next++]) await read(...place);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const { user, system } = process.cpuUsage(usage);
  return {
    regions: places.length,
    'regions/s': Math.round(places.length / ((performance.now() - started) / 1000)),
    'CPU ms a region': Number(((user + system) / 1000 / places.length).toFixed(2)),
    'MB resident': Math.round(process.memoryUsage().rss / 1e6),
  };
}

/** One side of the benchmark of tiling in a process of its own, so that time and peak memory are its own. */
import { once } from 'node:events';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { openDatabase } from '@microtome/store/database/database';
import { importDataset } from '@microtome/store/import/import-dataset';
import sharp from 'sharp';

/** At once: both cores are kept busy. */
const READS_IN_FLIGHT = 4;
/** Of an import process. */
const POOL_SIZE = 2;

export type Part =
  | {
      kind: 'IMPORT';
      folder: string;
      tilePx: number;
      micronsPerPixel: number;
      databaseUrl: string;
      artifactUrl: string;
    }
  | {
      kind: 'SHARP';
      path: string;
      page: number;
      places: { x: number; y: number }[];
      side: number;
      tilePx: number;
    };
export type PartResult = { patches: number; seconds: number; cpuSeconds: number; peakMegabytes: number };

const [part] = (await once(process, 'message')) as [Part];
const before = process.cpuUsage();
const startMs = performance.now();
const patches = part.kind === 'IMPORT' ? await importSlide(part) : await readAlone(part);
const { user, system } = process.cpuUsage(before);
const result: PartResult = {
  patches,
  seconds: (performance.now() - startMs) / 1000,
  cpuSeconds: (user + system) / 1e6,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.send?.(result);
process.disconnect();

async function importSlide({ folder, tilePx, micronsPerPixel, ...storage }: Part & { kind: 'IMPORT' }) {
  // What an import process opens.
  const database = openDatabase({ databaseUrl: storage.databaseUrl, poolSize: POOL_SIZE });
  const artifacts = openArtifactStore(storage.artifactUrl);
  const tiling = { tilePx, micronsPerPixel, annotations: folder };
  const { report } = await importDataset({ database, artifacts, path: folder, tiling });
  await database.close();
  return report.patchCount;
}

async function readAlone({ path, page, places, side, tilePx }: Part & { kind: 'SHARP' }) {
  sharp.cache(false);
  sharp.concurrency(1);
  let next = 0;
  const work = async () => {
    for (let place = places[next++]; place; place = places[next++]) {
      const region = {
        left: Math.round(place.x),
        top: Math.round(place.y),
        width: Math.round(side),
        height: Math.round(side),
      };
      const read = sharp(path, { page, limitInputPixels: false }).extract(region);
      const fitted =
        region.width === tilePx ? read : read.resize(tilePx, tilePx, { fit: 'fill', kernel: 'lanczos3' });
      await fitted.raw().toBuffer();
    }
  };
  await Promise.all(Array.from({ length: READS_IN_FLIGHT }, work));
  return places.length;
}

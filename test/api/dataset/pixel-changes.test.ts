/** What an import changed and refused, as the page reads it. */
import { importDataset } from '@microtome/store/import/import-dataset';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawTree, gridOf, patchPath, writeTree } from '../../store/import/patch-files.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const QUESTION = `query ($id: ID!) { dataset(id: $id) {
  placesFrom refusedCount pixelChanges { code sentence fileCount paths(first: 2) }
} }`;

describe('a dataset', () => {
  it('tells which pixels were changed on the way in, in how many files, and from where its names count', async () => {
    const glass = { width: 50, height: 50, channels: 4, background: '#0000' } as const;
    const clear = await sharp({ create: glass }).png().toBuffer();
    const paths = [0, 50, 100].map((x) => patchPath({ patient: '102', x, y: 0, label: 0 }));
    const tree = {
      ...(await drawTree(gridOf('101'))),
      ...Object.fromEntries(paths.map((path) => [path, clear])),
    };
    const { database, artifacts } = api.store;
    const { datasetId } = await importDataset({ database, artifacts, path: await writeTree(tree) });
    expect(await api.ask(QUESTION, { id: datasetId })).toEqual({
      dataset: {
        placesFrom: 0,
        refusedCount: 0,
        pixelChanges: [
          {
            code: 'TRANSPARENCY_TO_WHITE',
            sentence: 'Transparent pixels were laid on white.',
            fileCount: 3,
            paths: paths.toSorted().slice(0, 2),
          },
        ],
      },
    });
  });
});

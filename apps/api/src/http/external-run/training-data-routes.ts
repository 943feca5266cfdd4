/**
 * What a worker of ours sees, for programs elsewhere. GET /splits/:id.csv and .parquet: the patches of a split by their numbers,
 * with patient, side and label; of TEST no label is told. GET /datasets/:id/pixels: the patches of full size one after the
 * other in the order of their numbers, each as rows of RGB bytes, whole or in ranges.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@microtome/domain/app-error';
import { SUBSETS, type Subset } from '@microtome/domain/split/subset';
import { getPatchLayout, type PatchLayout } from '@microtome/store/dataset/patch-layout';
import { getSplit } from '@microtome/store/split/splits';
import { type LabelledPatches, listLabelledPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { getFirstTask, getTask } from '@microtome/store/task/tasks';
import type { Request, Response, Router } from 'express';
import { parseRecordId } from '../../graphql/record-id.ts';
import { type ExportTable, TABLE_FORMATS } from '../../report/export-table.ts';
import type { ApiServices } from '../../services.ts';
import { describeTables, type RouteDescription } from '../route-description.ts';
import { sendTable } from '../send-table.ts';

const CHANNELS = 3;

export const TRAINING_DATA_ROUTES: readonly RouteDescription[] = [
  ...describeTables(TABLE_FORMATS, {
    path: '/splits/:id',
    about:
      'The patches of a split that a task takes in: number, patient, slide, side and label. The label of TEST is left empty.',
    query: { task: 'id of the task; the first of the dataset when left out' },
  }),
  {
    method: 'GET',
    path: '/datasets/:id/pixels',
    about:
      'The patches of full size one after the other in the order of their numbers, each as rows of RGB bytes; ranges are ' +
      'answered. The header `x-patch-bytes` tells the bytes of one patch.',
    gives: 'application/octet-stream',
  },
];

export function addTrainingDataRoutes(router: Router, { store, background }: ApiServices): void {
  for (const format of TABLE_FORMATS) {
    router.get(`/splits/:id.${format}`, async (request, response) => {
      const id = parseRecordId(String(request.params.id), 'split');
      const split = await getSplit(store, id);
      const asked = request.query.task;
      const task =
        typeof asked === 'string'
          ? await getTask(store, parseRecordId(asked, 'task'))
          : await getFirstTask(store, split.datasetId);
      if (task.datasetId !== split.datasetId) {
        throw new AppError(
          'BAD_INPUT',
          `Task '${task.name}' is none of the dataset of split '${split.name}'.`,
        );
      }
      const { unit } = await store.database.prisma.dataset.findUniqueOrThrow({
        where: { id: split.datasetId },
      });
      const table = await tabulateSplit(store, { splitId: id, sides: task.sides });
      const name = { table: 'split', id };
      await sendTable({ background, table, format, name, subject: { task, unit }, response });
    });
  }
  router.get('/datasets/:id/pixels', async (request: Request<{ id: string }>, response) => {
    const datasetId = parseRecordId(request.params.id, 'dataset');
    await sendPixels({
      store,
      layout: await getPatchLayout(store, { datasetId, includeStrips: false }),
      request,
      response,
    });
  });
}

async function tabulateSplit(
  store: Store,
  request: Pick<Parameters<typeof listLabelledPatches>[1], 'splitId' | 'sides'>,
): Promise<ExportTable> {
  const parts: { subset: Subset; patches: LabelledPatches }[] = [];
  for (const subset of SUBSETS) {
    const patches = await listLabelledPatches(store, { ...request, subset });
    parts.push({ subset, patches });
  }
  const list = <Value>(pick: (part: (typeof parts)[number], at: number) => Value): Value[] =>
    parts.flatMap((part) => Array.from({ length: part.patches.count }, (_, at) => pick(part, at)));
  return {
    columns: [
      {
        name: 'patch',
        type: 'INT32',
        values: Int32Array.from(list(({ patches }, at) => patches.indexes[at]!)),
      },
      {
        name: 'patient',
        type: 'STRING',
        values: list(({ patches }, at) => patches.patientKeys[patches.patients[at]!]!),
      },
      {
        name: 'slide',
        type: 'STRING',
        values: list(({ patches }, at) => patches.slideKeys[patches.slides[at]!]!),
      },
      { name: 'subset', type: 'STRING', values: list(({ subset }) => subset) },
      {
        name: 'label',
        type: 'DOUBLE',
        values: list(({ subset, patches }, at) => (subset === 'TEST' ? null : patches.labels[at]!)),
      },
    ],
  };
}

type Sending = { store: Store; layout: PatchLayout; request: Request<{ id: string }>; response: Response };

async function sendPixels({ store, layout, request, response }: Sending): Promise<void> {
  const patchBytes = layout.patchSizePx ** 2 * CHANNELS;
  const last = layout.shards.at(-1);
  const size = last ? (last.firstPatch + last.patchCount) * patchBytes : 0;
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('x-patch-bytes', patchBytes);
  response.setHeader('cache-control', 'no-cache');
  const ranges = request.range(size, { combine: true });
  if (ranges === -1) {
    response.status(416).setHeader('content-range', `bytes */${size}`).end();
    return;
  }
  const isPart = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1;
  const { start, end } = (isPart && ranges[0]) || { start: 0, end: size - 1 };
  if (isPart) response.status(206).setHeader('content-range', `bytes ${start}-${end}/${size}`);
  response.setHeader('content-length', end - start + 1);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(Readable.from(readPixels(store, { layout, patchBytes, start, end })), response);
}

/** Shards follow one another without gaps. */
async function* readPixels(
  { artifacts }: Store,
  { layout, patchBytes, start, end }: { layout: PatchLayout; patchBytes: number; start: number; end: number },
): AsyncGenerator<Uint8Array> {
  for (const { artifactHash, firstPatch, patchCount } of layout.shards) {
    const shardStart = firstPatch * patchBytes;
    const shardEnd = shardStart + patchCount * patchBytes - 1;
    if (shardEnd < start || shardStart > end) continue;
    yield* await artifacts.open(artifactHash, {
      start: Math.max(0, start - shardStart),
      end: Math.min(end, shardEnd) - shardStart,
    });
  }
}

/**
 * A zip that is sent to be imported: POST /uploads begins, PUT adds a chunk, GET says how far it is, DELETE gives it up. A chunk
 * is read whole before any of it is kept, so that what was cut off or changed on its way leaves nothing.
 */
import { AppError } from '@microtome/domain/app-error';
import { CHUNK_BYTES, type Uploads } from '@microtome/store/upload/uploads';
import express, { type Request, type Response, type Router } from 'express';
import { readAccountId } from '../../access/access.ts';
import { readAccess } from '../../access/access-gate.ts';
import type { ApiServices } from '../../services.ts';
import type { RouteDescription } from '../route-description.ts';

const PATH = '/uploads/:id';
const GIVES = 'application/json: `id`, `name`, `bytes`, `received`, `chunkBytes`, `path` once it is whole';
const HASH_HEADER = 'x-chunk-sha256';

export const UPLOAD_ROUTES: readonly RouteDescription[] = [
  {
    method: 'POST',
    path: '/uploads',
    about:
      'Begins to send a .zip of patches, which is then imported from `path`. Its size, and the room on the disk, are checked first.',
    takes: 'application/json: `name`, `bytes`',
    gives: GIVES,
  },
  {
    method: 'GET',
    path: PATH,
    about: 'How far an upload is: the next chunk begins at `received`.',
    gives: GIVES,
  },
  {
    method: 'PUT',
    path: PATH,
    about:
      'Adds the next chunk: `chunkBytes` of them, the last one fewer. With its SHA-256 as hexadecimal digits in the header `x-chunk-sha256` it is kept only if it is that.',
    query: { offset: 'Where it begins, in bytes from 0.' },
    takes: 'application/octet-stream',
    gives: GIVES,
  },
  {
    method: 'DELETE',
    path: PATH,
    about: 'Gives an upload up: what has arrived is deleted.',
    gives: 'nothing',
  },
];

export function addUploadRoutes(router: Router, { uploads }: Pick<ApiServices, 'uploads'>): void {
  router.post('/uploads', express.json({ limit: '10kb' }), async (request, response) => {
    const { name, bytes } = (request.body ?? {}) as { name?: unknown; bytes?: unknown };
    if (typeof name !== 'string' || typeof bytes !== 'number')
      throw new AppError(
        'BAD_INPUT',
        'An upload begins with JSON that has `name`, a text, and `bytes`, a number.',
      );
    response.status(201).json(await need(uploads).begin({ name, bytes }, readSender(response)));
  });
  router.get(PATH, async (request, response) => {
    response.setHeader('cache-control', 'no-store');
    response.json(await need(uploads).get(readId(request), readSender(response)));
  });
  router.put(PATH, express.raw({ limit: CHUNK_BYTES, type: () => true }), async (request, response) => {
    const offset = Number(request.query.offset);
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw new AppError('BAD_INPUT', `'offset' is '${request.query.offset}', not a number of bytes from 0.`);
    const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const chunk = { offset, content, hash: request.get(HASH_HEADER) ?? null };
    response.json(await need(uploads).add(readId(request), chunk, readSender(response)));
  });
  router.delete(PATH, async (request, response) => {
    await need(uploads).cancel(readId(request), readSender(response));
    response.status(204).end();
  });
}

function need(uploads: Uploads | null): Uploads {
  if (uploads) return uploads;
  throw new AppError('NOT_FOUND', 'This server takes no uploads.');
}

function readId({ params }: Request): string {
  return String(params.id);
}

function readSender(response: Response): { accountId: string | null } {
  return { accountId: readAccountId(readAccess(response)) };
}

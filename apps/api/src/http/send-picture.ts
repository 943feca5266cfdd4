/** Sends a picture that is made on request, once for each content that a client has not got yet. */
import { createHash } from 'node:crypto';
import { AppError } from '@microtome/domain/app-error';
import type { TilePlace } from '@microtome/domain/slide/tile-pyramid';
import type { Request, Response } from 'express';
import { z } from 'zod';

const patchIndex = z.coerce.number().int().min(0).max(2_147_483_647);

/** `content` names everything the picture is made of; its hash is the ETag. */
export async function sendPicture(sending: {
  request: Request;
  response: Response;
  /** PNG when left out. */
  type?: 'png' | 'webp';
  draw(): Promise<Buffer>;
  content: string;
  cacheControl: string;
}): Promise<void> {
  const { request, response, type = 'png', draw, content, cacheControl } = sending;
  const picture = await draw();
  response.setHeader('etag', `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`);
  response.setHeader('cache-control', cacheControl);
  if (request.fresh) response.status(304).end();
  else response.type(type).send(picture);
}

export function parseTile({ level, file }: { level: string; file: string }): TilePlace {
  const [, column, row] = /^(\d{1,7})_(\d{1,7})\.webp$/.exec(file) ?? [];
  if (!/^\d{1,2}$/.test(level) || column === undefined || row === undefined) {
    throw new AppError(
      'NOT_FOUND',
      `There is no tile '${level}/${file}': tiles are <level>/<column>_<row>.webp.`,
    );
  }
  return { level: Number(level), column: Number(column), row: Number(row) };
}

export function parseNumberedFile(file: string): number {
  const parsed = patchIndex.safeParse(/^(\d+)\.png$/.exec(file)?.[1]);
  if (!parsed.success)
    throw new AppError('NOT_FOUND', `There is no patch '${file}': patches are <index>.png.`);
  return parsed.data;
}

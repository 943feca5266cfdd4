/** How far an MLflow client has read a list: an offset in base64, as its own server gives it. */
import { AppError } from '../app-error.ts';

const OFFSET_MAX = 2 ** 31 - 1;

export function writePageToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64');
}

/** 0 without a token. BAD_INPUT for one that no page gave. */
export function readPageToken(token: string): number {
  if (token === '') return 0;
  const offset = readOffset(token);
  if (offset === null) {
    throw new AppError(
      'BAD_INPUT',
      `Invalid page token '${token}': it is not one that a page of results gave.`,
    );
  }
  return offset;
}

function readOffset(token: string): number | null {
  try {
    const { offset } = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as { offset?: unknown };
    const isOffset =
      typeof offset === 'number' && Number.isInteger(offset) && offset >= 0 && offset <= OFFSET_MAX;
    return isOffset ? offset : null;
  } catch {
    return null;
  }
}

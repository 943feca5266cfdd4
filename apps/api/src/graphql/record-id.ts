/** Ids are opaque to clients and UUIDs to the database, which answers other text with a raw error. */
import { AppError } from '@microtome/domain/app-error';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether the database can look this id up at all. */
export function isRecordId(id: string): boolean {
  return UUID.test(id);
}

/** The id itself; NOT_FOUND, naming `noun`, when no record can have it. */
export function parseRecordId(id: string, noun: string): string {
  if (!isRecordId(id)) throw new AppError('NOT_FOUND', `There is no ${noun} '${id}'.`);
  return id;
}

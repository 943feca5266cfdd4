/**
 * Cursors, the same for every list: opaque to clients, and the key of a row to us. A client can send anything, so a
 * cursor is taken apart here before a list sees it: the right number of parts, each of the form of its column.
 */
import { mayIn } from '@microtome/domain/access/principal';
import { AppError } from '@microtome/domain/app-error';
import { findProjects, type SubjectNoun } from '@microtome/store/access/subject-projects';
import type { RunPlace } from '@microtome/store/run-query/run-pages';
import { decodeCursorChunk, encodeCursorChunk } from '@pothos/core';
import { type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import type { ApiContext } from '../context.ts';
import { isRecordId } from '../record-id.ts';

const PREFIX = 'GPC:';
const INT4_MAX = 2_147_483_647;
/** Lists whose rows are not named by one id: the columns that name them. */
const KEY_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  PatientConnection: ['datasetId', 'patientId'],
  PatientEvaluationConnection: ['patientKey'],
  RefusedFileConnection: ['datasetId', 'position'],
  SplitAssignmentConnection: ['splitId', 'patientId'],
};
/** Of lists whose rows nothing takes out: what these cannot outlive, and must still be there. */
const HELD_BY: Readonly<Record<string, SubjectNoun>> = {
  PatientConnection: 'dataset',
  RefusedFileConnection: 'dataset',
  SlideConnection: 'slide',
  SplitAssignmentConnection: 'split',
};
const CURSORS = ['after', 'before'] as const;
const NUMBER_COLUMNS = new Set(['position']);
const SHOWN_LENGTH = 60;

/** A row of a list that is sorted: its id, and the values by which it has its place. */
export type ListPlace = { id: string; keys: RunPlace['keys'] };

export function encodePlace({ id, keys }: ListPlace): string {
  return Buffer.from(PREFIX + encodeCursorChunk(JSON.stringify([id, ...keys]))).toString('base64');
}

/** Of a run in a list of runs. */
export function encodeRunCursor({ runId, keys }: RunPlace): string {
  return encodePlace({ id: runId, keys });
}

/** What is behind a cursor that `encodeRunCursor` made; BAD_INPUT for any other text. */
export function decodeRunCursor(cursor: string): RunPlace {
  const place = readPlace(readCursor(cursor));
  if (place) return { runId: place.id, keys: place.keys };
  throw refuse(cursor, 'The cursor');
}

/** What `encodePlace` put into the cursor that this was the text of; null for any other. */
export function readPlace(key: unknown): ListPlace | null {
  const [id, ...keys] = readList(key);
  const isPlace = typeof id === 'string' && isRecordId(id) && keys.every(isSortKey);
  return isPlace ? { id, keys: keys as ListPlace['keys'] } : null;
}

function readList(text: unknown): unknown[] {
  if (typeof text !== 'string') return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function isSortKey(key: unknown): boolean {
  if (typeof key === 'string') return key.isWellFormed() && !key.includes('\0');
  return key === null || typeof key === 'number';
}

/** Of a patient in the list of one evaluation. */
export function encodePatientCursor(patientKey: string): string {
  return Buffer.from(PREFIX + encodeCursorChunk(patientKey)).toString('base64');
}

/** The key of the patient; BAD_INPUT for any other text. */
export function readPatientCursor(cursor: string): string {
  const key = readCursor(cursor);
  if (typeof key === 'string') return key;
  throw refuse(cursor, 'The cursor');
}

type CheckedList = {
  listType: string;
  /** How the argument is called. */
  place: string;
  /** Of a list whose cursors hold places: whether this is one of it. */
  isPlace: ((place: ListPlace) => boolean) | null;
};

/** BAD_INPUT, naming `place`, unless the cursor is one of this list. */
export function checkCursor(cursor: string, { listType, place, isPlace }: CheckedList): void {
  const columns = KEY_COLUMNS[listType] ?? ['id'];
  const key = readCursor(cursor);
  if (isPlace) {
    const given = readPlace(key);
    if (given && isPlace(given)) return;
    throw refuse(cursor, place);
  }
  const parts: unknown[] = columns.length === 1 ? [key] : Array.isArray(key) ? key : [];
  const fits =
    parts.length === columns.length && parts.every((part, index) => fitsColumn(part, columns[index] ?? ''));
  if (!fits) throw refuse(cursor, place);
}

/**
 * Of lists whose cursors hold no places, a page behind a row that is gone would be empty, as if the list ended there: it is refused
 * instead. What the asker does not see is as good as gone.
 */
export function refuseLostCursors(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      const listType = getNamedType(field.type).name;
      const noun = HELD_BY[listType];
      if (!resolve || !noun) continue;
      field.resolve = async (source, args: Record<string, unknown>, context: ApiContext, info) => {
        const page = await resolve(source, args, context, info);
        // Afterwards, because a row that is there now was there all the time.
        for (const name of CURSORS) {
          const cursor = args[name];
          if (typeof cursor !== 'string' || (await isThere(context, noun, readCursor(cursor)))) continue;
          throw new AppError(
            'BAD_INPUT',
            `What '${name}' of '${field.name}' names is not there any more: begin again without it.`,
          );
        }
        return page;
      };
    }
  }
  return schema;
}

async function isThere({ access, store }: ApiContext, noun: SubjectNoun, key: unknown): Promise<boolean> {
  const id = String(Array.isArray(key) ? key[0] : key);
  const found = await findProjects(store, noun, [id]);
  return (found.get(id.toLowerCase()) ?? []).some((projectId) => mayIn(access.principal, 'READ', projectId));
}

function fitsColumn(part: unknown, column: string): boolean {
  if (NUMBER_COLUMNS.has(column)) return Number.isInteger(part) && Math.abs(part as number) <= INT4_MAX;
  return typeof part === 'string' && (column === 'patientKey' || isRecordId(part));
}

function readCursor(cursor: string): unknown {
  const text = Buffer.from(cursor, 'base64').toString();
  // Base64 that is read leniently has many spellings of one text; a cursor of ours has one.
  if (!text.startsWith(PREFIX) || Buffer.from(text).toString('base64') !== cursor) return null;
  try {
    return decodeCursorChunk(text.slice(PREFIX.length));
  } catch {
    return null;
  }
}

function refuse(cursor: string, place: string): AppError {
  const shown = cursor.length > SHOWN_LENGTH ? `${cursor.slice(0, SHOWN_LENGTH)}…` : cursor;
  return new AppError(
    'BAD_INPUT',
    `${place} is '${shown}', which is not a cursor of this list: pass one that the list gave.`,
  );
}

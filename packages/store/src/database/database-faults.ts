/**
 * Which errors mean that the database is unreachable or out of resources, not that the request was wrong: they pass, and the
 * same call may succeed a moment later.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@microtome/domain/app-error';
import { isNetworkFault } from '../network-fault.ts';

/** Prisma's codes: not reachable, timed out, connection closed, no free connection, transaction not begun, deadlock. */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034']);
/** PostgreSQL's classes: connection exceptions, a transaction left idle, insufficient resources (also a full disk), shutdown, serialization, system. */
const SQL_STATE = /^(08...|25P03|53...|57P0[1-4]|4000[01]|40P01|58...)$/;
/** Their names in Prisma's driver adapter. */
const ADAPTER_KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
]);
/** Messages of the driver that have no code. */
const DRIVER_WORDS =
  /connection error and is not queryable|Connection terminated|timeout exceeded when trying to connect|Client was closed|Can't reach database server|Cannot use a pool after/;

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/** Checks the causes too: Prisma wraps the errors of its driver. An AppError says itself what it means. */
export function isDatabaseFault(error: unknown): boolean {
  if (error instanceof AppError) return false;
  for (let one: unknown = error; one instanceof Error || isRecord(one); one = readCause(one)) {
    const { code, originalCode, kind, message } = one as Record<string, unknown>;
    if ([code, originalCode].some(isFaultCode) || ADAPTER_KINDS.has(String(kind))) return true;
    if (typeof message === 'string' && DRIVER_WORDS.test(message)) return true;
    if (isNetworkFault(one)) return true;
  }
  return false;
}

/** Such an error as the caller sees it. */
export function databaseAway(cause: unknown): AppError {
  return new AppError('UNAVAILABLE', 'The database is not responding. Try again in a moment.', {
    cause,
  });
}

/**
 * Retries the act while the database is unreachable, until it succeeds or fails for another reason; throws the
 * database's last error when the signal aborts. The act must be safe to repeat: its first try may
 * have succeeded although no answer came.
 */
export async function outlastDatabaseFaults<T>(act: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await act();
    } catch (error) {
      if (signal?.aborted || !isDatabaseFault(error)) throw error;
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal?.aborted) throw error;
    }
  }
}

function isFaultCode(code: unknown): boolean {
  return typeof code === 'string' && (PRISMA_CODES.has(code) || SQL_STATE.test(code));
}

function readCause(error: object): unknown {
  const { cause, meta } = error as { cause?: unknown; meta?: { driverAdapterError?: unknown } };
  return cause ?? meta?.driverAdapterError;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The audit log as a whole: GET /audit.csv and /audit.ndjson, newest first, of the projects that one manages. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { listProjectsFor } from '@microtome/domain/access/principal';
import { formatCsvText } from '@microtome/domain/csv-cell';
import { readAudit } from '@microtome/store/access/audit-log';
import type { AuditEntry } from '@microtome/store/generated/prisma/client';
import type { Response, Router } from 'express';
import { readAccess } from '../access/access-gate.ts';
import type { ApiServices } from '../services.ts';
import type { RouteDescription } from './route-description.ts';

export const AUDIT_ROUTES: readonly RouteDescription[] = [
  {
    method: 'GET',
    path: '/audit.csv',
    about: 'Every change, newest first, of the projects that you manage.',
    gives: 'text/csv',
  },
  {
    method: 'GET',
    path: '/audit.ndjson',
    about: 'The same, one JSON object a line.',
    gives: 'application/x-ndjson',
  },
];

const COLUMNS = [
  ...(['id', 'at', 'accountId', 'accountName', 'credential', 'act', 'subjectNoun', 'subjectId'] as const),
  ...(['asked', 'before', 'after', 'error', 'address', 'requestId'] as const),
];

export function addAuditRoutes(router: Router, { store }: ApiServices): void {
  const read = (response: Response) =>
    readAudit(store, { projectIds: listProjectsFor(readAccess(response).principal, 'MANAGE') });
  router.get('/audit.csv', async (_request, response) => {
    response.attachment('audit.csv').setHeader('cache-control', 'no-store');
    await pipeline(Readable.from(writeRows(read(response))), response);
  });
  router.get('/audit.ndjson', async (_request, response) => {
    response.attachment('audit.ndjson').type('application/x-ndjson').setHeader('cache-control', 'no-store');
    await pipeline(Readable.from(writeLines(read(response))), response);
  });
}

async function* writeRows(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string, void> {
  yield `${COLUMNS.join(',')}\n`;
  for await (const entry of entries)
    yield `${COLUMNS.map((column) => formatCsvText(print(entry[column]))).join(',')}\n`;
}

async function* writeLines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string, void> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

function print(value: AuditEntry[(typeof COLUMNS)[number]]): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

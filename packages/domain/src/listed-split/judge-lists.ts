/** The whole way from the text of one list, or of one list for each side, to the verdict on the split that it gives. */
import { AppError } from '../app-error.ts';
import { openNameRule } from '../source/name-rule.ts';
import { auditList, type ListAudit } from './audit-list.ts';
import {
  type ListColumns,
  type ListEntry,
  type ListedIds,
  readEntries,
  readPatients,
  sideOfFileName,
} from './list-entries.ts';
import { readList } from './read-list.ts';

export type ListFile = {
  name: string;
  text: string;
  /** Of the whole file; found by its name when left out and there are several files. */
  side?: string;
};

export type ListRequest = {
  files: readonly ListFile[];
  /** A table of ids and patients, where the lists hold ids alone. */
  patients?: ListFile;
  columns: ListColumns;
  rule: string | null;
  pattern: string | null;
};

export type JudgedList = { audit: ListAudit; entries: ListEntry[]; layouts: string[]; leftOut: number };

/** What the ids of all files are; null where the files do not say the same. */
function agreeOnIds(readings: readonly { idsAre: ListedIds | null }[]): ListedIds | null {
  const said = new Set(readings.map(({ idsAre }) => idsAre));
  return said.size === 1 ? (readings[0]?.idsAre ?? null) : null;
}

/** @throws AppError BAD_INPUT when a list cannot be read, or tells no split */
export function judgeLists({ files, patients, columns, rule, pattern }: ListRequest): JudgedList {
  const opened = rule === null && pattern === null ? null : openNameRule(rule ?? 'regex', pattern);
  const readings = files.map((file) => {
    const side = file.side ?? (files.length > 1 ? sideOfFileName(file.name) : null);
    if (files.length > 1 && side === null) {
      throw new AppError(
        'BAD_INPUT',
        `The name ${file.name} tells no side: write it before it, as in test=${file.name}.`,
      );
    }
    return { name: file.name, ...readEntries(readList(file.text, file.name), columns, side) };
  });
  const patientOf = patients && readPatients(readList(patients.text, patients.name), columns);
  const entries = readings
    .flatMap((reading) => reading.entries)
    .map((entry) => ({ ...entry, patient: entry.patient ?? patientOf?.get(entry.id) ?? null }));
  return {
    audit: auditList(entries, opened, agreeOnIds(readings)),
    entries,
    layouts: readings.map(({ name, layout }) => `${name}: ${layout}`),
    leftOut: readings.reduce((sum, { leftOut }) => sum + leftOut, 0),
  };
}

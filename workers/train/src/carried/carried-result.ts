/**
 * What comes back of a carried job: a folder with a journal of what the trainer reported, the files that it wrote, and,
 * once it is over, a result that names both by hash. Read with distrust: it was on another machine.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { CONTEXT_RADIUS_MAX } from '@microtome/domain/context/neighbourhood';
import { BACKEND_NAMES, type BackendName } from '@microtome/domain/run/backends';
import { LOG_LINE_LENGTH_MAX } from '@microtome/domain/run/run-event';
import { z } from 'zod';
import type { ValidationEvaluation } from '../protocol/trainer-messages.ts';

const FORMAT = 'microtome-result-1';
const JOURNAL_NAME = 'journal.ndjson';
const RESULT_NAME = 'result.json';
const ARTIFACTS_DIR = 'artifacts';

const text = z.string().max(LOG_LINE_LENGTH_MAX);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const artifact = z.strictObject({ hash, bytes: z.int().min(0), mediaType: z.string().max(100) });
const number = z.number();
const interval = z.tuple([number, number]);

const epochReport = z.strictObject({
  epoch: z.int().min(1),
  step: z.int().min(0),
  /** Null where a number has no JSON. */
  metrics: z.record(z.string().max(100), number.nullable()),
  checkpoint: artifact,
  best: z.boolean(),
  trainPatchesPerSecond: number.optional(),
  peakMemoryBytes: number,
});
const environment = z.strictObject({
  backend: z.enum(BACKEND_NAMES as [BackendName, ...BackendName[]]),
  device: text,
  versions: z.record(z.string().max(100), text),
});
const journalLine = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('job'), digest: hash }),
  z.strictObject({ kind: z.literal('started'), environment }),
  z.strictObject({ kind: z.literal('log'), line: text }),
  z.strictObject({ kind: z.literal('epoch'), report: epochReport }),
]);
const validation = z.strictObject({
  metrics: z.looseObject({}),
  intervals: z.record(z.string(), interval),
  draws: z.int().min(0),
});
const contextStep = z.strictObject({
  radius: z.int().min(0).max(CONTEXT_RADIUS_MAX),
  weight: number,
  temperature: number,
  threshold: number,
});
const trainingResult = z.strictObject({
  bestEpoch: z.int().min(1),
  threshold: number,
  temperature: number,
  /** A worker of an earlier version chose none. */
  context: contextStep.nullable().optional(),
  trainPatchesPerSecond: number,
  peakMemoryBytes: number,
  files: z.strictObject({
    modelJson: artifact,
    modelWeights: artifact,
    modelOnnx: artifact,
    validationPredictions: artifact,
    testPredictions: artifact,
  }),
  validation: z.custom<ValidationEvaluation>((value) => validation.safeParse(value).success),
});
const carriedResult = z.strictObject({
  format: z.literal(FORMAT),
  runId: z.uuid(),
  /** Of the job that it answers. */
  jobDigest: hash,
  /** sha256 of the journal. */
  journalHash: hash,
  finishedAt: z.iso.datetime(),
  /** What lies in the folder. Checkpoints of epochs that are long over do not. */
  files: z.array(artifact).max(100),
  outcome: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('finished'), result: trainingResult }),
    z.strictObject({ kind: z.literal('failed'), message: text }),
  ]),
});

export type JournalLine = z.infer<typeof journalLine>;
export type CarriedResult = z.infer<typeof carriedResult>;

/** Where the trainer reads and writes its files. */
export function describeArtifacts(dir: string): string {
  return `file:${join(dir, ARTIFACTS_DIR)}`;
}

export type Journal = {
  /** What it held when it was opened. */
  lines: readonly JournalLine[];
  /** On the disk when it resolves. */
  add(line: JournalLine): Promise<void>;
  close(): Promise<void>;
};

/** Opens the folder's journal, or begins it. A last line that a kill cut off is dropped: its fact is reported again. */
export async function openJournal(dir: string): Promise<Journal> {
  const file = await open(join(dir, JOURNAL_NAME), 'a+');
  const written = await file.readFile('utf8');
  const whole = written.slice(0, written.lastIndexOf('\n') + 1);
  if (whole.length < written.length) await file.truncate(Buffer.byteLength(whole));
  return {
    lines: parseLines(whole, dir),
    add: (line) => append(file, line),
    close: () => file.close(),
  };
}

async function append(file: FileHandle, line: JournalLine): Promise<void> {
  await file.appendFile(`${JSON.stringify(line)}\n`);
  await file.datasync();
}

function parseLines(journal: string, dir: string): JournalLine[] {
  const lines = journal.split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const parsed = journalLine.safeParse(parseJson(line));
    if (parsed.success) return parsed.data;
    const where = `Line ${index + 1} of ${join(dir, JOURNAL_NAME)}`;
    throw new AppError(
      'BAD_INPUT',
      `${where} is not a report of a trainer: ${z.prettifyError(parsed.error)}`,
    );
  });
}

/** Null when the job is not over. @throws AppError BAD_INPUT when the file is not a result */
export async function readResult(dir: string): Promise<CarriedResult | null> {
  const path = join(dir, RESULT_NAME);
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (content === null) return null;
  const parsed = carriedResult.safeParse(parseJson(content));
  if (parsed.success) return parsed.data;
  throw new AppError('BAD_INPUT', `${path} is not the result of a job: ${z.prettifyError(parsed.error)}`);
}

/** The last thing that is written: with it the folder is whole. */
export async function writeResult(
  dir: string,
  result: Omit<CarriedResult, 'format' | 'journalHash' | 'finishedAt'>,
): Promise<void> {
  const whole = {
    format: FORMAT,
    ...result,
    journalHash: sha256(await readFile(join(dir, JOURNAL_NAME))),
    finishedAt: new Date().toISOString(),
  };
  const unfinished = join(dir, `${RESULT_NAME}.unfinished`);
  await writeFile(unfinished, `${JSON.stringify(whole, null, 2)}\n`, { flush: true });
  await rename(unfinished, join(dir, RESULT_NAME));
}

/** The journal of a result. @throws AppError DAMAGED when it is not the one that the result names */
export async function readJournal(dir: string, { journalHash }: CarriedResult): Promise<JournalLine[]> {
  const path = join(dir, JOURNAL_NAME);
  const content = await readFile(path);
  if (sha256(content) === journalHash) return parseLines(content.toString('utf8'), dir);
  throw new AppError(
    'DAMAGED',
    `${path} is damaged: it is not the journal that the result was written with.`,
  );
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

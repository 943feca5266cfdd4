/** Where the rows of a prediction go: standard output, or a file that gets its name when it is whole. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { CSV_HEADER } from './prediction-report.ts';

type CsvOutput = {
  /** The header goes before the first rows, so that an output without rows stays empty. */
  write(rows: readonly string[]): Promise<void>;
  finish(): Promise<void>;
  /** Leaves no file behind. */
  abandon(): Promise<void>;
};

export function openCsvOutput(file: string | undefined): CsvOutput {
  const unfinished = `${file}.unfinished`;
  const stream: Writable = file ? createWriteStream(unfinished) : process.stdout;
  const failed = once(stream, 'error').then(([error]) => Promise.reject(error));
  // Whatever waits for the stream next meets the failure.
  failed.catch(() => {});
  let isHeaded = false;

  async function end(): Promise<void> {
    stream.end();
    await Promise.race([once(stream, 'close'), failed]);
  }

  return {
    async write(rows) {
      if (rows.length === 0) return;
      const lines = isHeaded ? rows : [CSV_HEADER, ...rows];
      isHeaded = true;
      if (!stream.write(`${lines.join('\n')}\n`)) await Promise.race([once(stream, 'drain'), failed]);
    },
    async finish() {
      if (!file) return;
      await end();
      await rename(unfinished, file);
    },
    async abandon() {
      if (!file) return;
      await end().catch(() => {});
      await rm(unfinished, { force: true });
    },
  };
}

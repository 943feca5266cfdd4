/**
 * How a slide is refused: one sentence that begins with the file and says what was found in it. No other error leaves
 * this package for a file, however broken it is.
 */
import { basename } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { escapeUnprintable } from '@microtome/domain/printable-text';

export function slideFault(path: string, found: string, cause?: unknown): AppError {
  return new AppError('BAD_INPUT', `${nameFile(path)} ${found}`, { cause });
}

export function nameFile(path: string): string {
  return `"${escapeUnprintable(basename(path))}"`;
}

/** What a file says of itself, short enough for a sentence. */
export function quoted(text: string): string {
  const printable = escapeUnprintable(text.trim());
  return `"${printable.length > 80 ? `${printable.slice(0, 79)}…` : printable}"`;
}

export function formatNumber(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 4 });
}

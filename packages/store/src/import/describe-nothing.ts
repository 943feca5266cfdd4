/** The sentence for a source of which nothing can be imported: what was refused, for example why, and what there could be. */
import { AppError } from '@microtome/domain/app-error';
import { LAYOUT_NAMES } from '@microtome/domain/source/layout/layout';
import type { ImportOptions } from './import-options.ts';
import { printablePath } from './refusal.ts';
import type { RefusalLog } from './refusal-log.ts';

/** `found` counts the files of the source, of every kind. */
export function describeNothing(
  { path, manifest, tiling }: Pick<ImportOptions, 'path' | 'manifest' | 'tiling'>,
  refusalLog: Pick<RefusalLog, 'count' | 'listed' | 'summarize'>,
  found: number,
): AppError {
  const shown = printablePath(path);
  const known = ` Known are the layouts ${LAYOUT_NAMES.join(', ')}; a manifest tells any other.`;
  const wanted = manifest === null && tiling === null ? known : '';
  const [first] = refusalLog.listed();
  if (!first) {
    const what = found === 0 ? 'holds no files' : 'holds no patches';
    return new AppError('BAD_INPUT', `Nothing to import: ${shown} ${what}.${wanted}`);
  }
  const refused = `${refusalLog.count()} files were refused (${refusalLog.summarize()})`;
  const example = `for example ${first.path}: ${first.reason}`;
  return new AppError('BAD_INPUT', `Nothing to import from ${shown}: ${refused}, ${example}${wanted}`);
}

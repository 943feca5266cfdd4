/** A look at an import that must be possible: all that it tells in one object, what would end the import thrown. */
import { AppError } from '@microtome/domain/app-error';
import { previewImport } from '@microtome/store/import/preview-import';

export async function seeImport(request: Parameters<typeof previewImport>[0]) {
  const { problem, facts, manifest, ...known } = await previewImport(request);
  if (problem || !facts) throw new AppError('BAD_INPUT', problem?.message ?? 'There is nothing to see.');
  const { counts = null, ...head } = manifest ?? {};
  return { ...known, ...facts, manifest: counts && { ...head, ...counts } };
}

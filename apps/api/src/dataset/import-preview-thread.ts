/** The entry of a thread that looks at what an import would bring in. */
import { AppError } from '@microtome/domain/app-error';
import type { ImportOptionsInput } from '@microtome/store/import/import-options';
import { type ImportPreview, previewImport } from '@microtome/store/import/preview-import';

/** An AppError travels in parts: a class does not survive the way between threads. */
export type PreviewOutcome =
  | { preview: ImportPreview }
  | { refusal: Pick<AppError, 'code' | 'message' | 'details'> };

export async function look(input: ImportOptionsInput): Promise<PreviewOutcome> {
  try {
    return { preview: await previewImport(input) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, details } = error;
    return { refusal: { code, message, details } };
  }
}

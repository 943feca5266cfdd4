/** The entry of a thread that looks at what an import would bring in. */
import { AppError } from '@microtome/domain/app-error';
import type { ImportOptionsInput } from '@microtome/store/import/import-options';
import { type ImportPreview, previewImport } from '@microtome/store/import/preview-import';

/** An AppError travels in parts: a class does not survive the way between threads. */
export type PreviewOutcome =
  | { preview: ImportPreview }
  | { refusal: Pick<AppError, 'code' | 'message' | 'details'> };

export type PreviewTask = {
  input: ImportOptionsInput;
  /** For what the look unpacks; it is removed after the thread, which may be ended. */
  scratch: string;
};

export async function look({ input, scratch }: PreviewTask): Promise<PreviewOutcome> {
  try {
    return { preview: await previewImport({ ...input, scratch }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, details } = error;
    return { refusal: { code, message, details } };
  }
}

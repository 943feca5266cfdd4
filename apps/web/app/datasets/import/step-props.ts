/** What every step of the import's form gets: the choices, what they would bring in, and what is wrong with them. */
import type { ImportDraft } from './import-draft.ts';
import type { PreviewState } from './use-import-preview.ts';

export type StepProps = PreviewState & { draft: ImportDraft; onChange: (draft: ImportDraft) => void };

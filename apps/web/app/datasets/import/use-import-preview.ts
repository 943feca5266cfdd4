'use client';
/** What the import would bring in, asked of the API again after each pause in filling in its form. */
import { CombinedGraphQLErrors } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { describeError } from '../../../api/error-sentence.ts';
import { PreviewImportDocument, type PreviewImportQuery } from '../../../graphql/generated/graphql.ts';
import { type DraftErrors, type ImportDraft, readDraft } from './import-draft.ts';

const PAUSE_MS = 350;

export type ImportPreview = PreviewImportQuery['previewImport'];

export type PreviewState = {
  /** The newest that is known, also while the next one is asked for; null for none of this source. */
  preview: ImportPreview | null;
  /** Whether it is of the choices as they are now. */
  isCurrent: boolean;
  /** By field: of the form, of what was asked for, of what was found. */
  errors: DraftErrors;
  /** What is wrong with no field alone. */
  error: string | null;
};

export function useImportPreview(draft: ImportDraft): PreviewState {
  const reading = readDraft(draft);
  const now = JSON.stringify(reading?.input ?? null);
  const asked = usePaused(now);
  const input = (JSON.parse(asked) as NonNullable<typeof reading>['input'] | null) ?? { path: '' };
  const { data, previousData, error, loading } = useQuery(PreviewImportDocument, {
    variables: { input },
    skip: asked === 'null',
    // Files change between two looks.
    fetchPolicy: 'no-cache',
  });
  const isOfSource = input.path === reading?.input.path;
  const seen = isOfSource ? (data ?? previousData)?.previewImport : undefined;
  const isCurrent = asked === now && !loading;
  const problem = isCurrent ? data?.previewImport.problem : null;
  const fault = isCurrent && error ? { field: findField(error), message: describeError(error) } : problem;
  const isSourceFault = isCurrent && error !== undefined && (!fault?.field || fault.field === 'path');
  return {
    // A choice that cannot be leaves the form as it is, so that it can be mended; a source that cannot be does not.
    preview: isSourceFault ? null : (seen ?? null),
    isCurrent: isCurrent && data !== undefined,
    errors: { ...(fault?.field ? { [fault.field]: fault.message } : {}), ...reading?.errors },
    error: fault && !fault.field ? fault.message : null,
  };
}

function findField(error: unknown): string | null {
  const field = CombinedGraphQLErrors.is(error) ? error.errors[0]?.extensions?.field : null;
  return typeof field === 'string' ? field : null;
}

/** The text as it was when it last stood still for a moment; at once where nothing was asked yet. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

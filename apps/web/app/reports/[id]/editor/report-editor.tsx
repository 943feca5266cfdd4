'use client';
/**
 * Writes a report, with what it will look like beside it. Whoever saves second is told and loses nothing: their text stays, the
 * other's is shown, and they save again when both are one.
 */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useRef, useState } from 'react';
import { type UseFormReturn, useForm, useWatch } from 'react-hook-form';
import * as z from 'zod/mini';
import { OwnNameField } from '../../../../access/own-name-field.tsx';
import { describeError, readErrorCode } from '../../../../api/error-sentence.ts';
import { PageHeader } from '../../../../components/page-header.tsx';
import '../../../../form/checked-values.ts';
import { useFormAction } from '../../../../form/use-form-action.ts';
import { ChangeReportDocument, type ReportFactsFragment } from '../../../../graphql/generated/graphql.ts';
import { Button } from '../../../../ui/button.tsx';
import { Field, Input, Textarea } from '../../../../ui/field.tsx';
import { insertBlock } from './insert-block.ts';
import { InsertMenu, PanelGuide } from './insert-menu.tsx';
import { ReportPreview } from './report-preview.tsx';
import { TheirText } from './their-text.tsx';

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, 'Give it a name.')),
  body: z.string(),
  who: z.string().check(z.trim()),
});

type Draft = z.infer<typeof schema>;

type ReportEditorProps = { report: ReportFactsFragment; onDone: () => void };

export function ReportEditor({ report, onDone }: ReportEditorProps) {
  const { form, busy, refusal, submit, takeVersion } = useSaving(report, onDone);
  const { errors } = form.formState;
  const body = useWatch({ control: form.control, name: 'body' });
  useUnsavedGuard(body !== report.body);
  const { insert, area } = useInsertion(form, body);
  return (
    <form onSubmit={submit} aria-label="Write report">
      <PageHeader
        title={`Edit ${report.name}`}
        parent={{ href: '/reports', label: 'Reports' }}
        actions={
          <>
            <Button onClick={onDone}>Leave as it was</Button>
            <Button type="submit" look="primary" disabled={busy}>
              Save
            </Button>
          </>
        }
      />
      {refusal && <TheirText refusal={refusal} newest={report} onTake={takeVersion} />}
      <div className="grid gap-6 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Field label="Name" error={errors.name?.message}>
            <Input {...form.register('name')} />
          </Field>
          <div>
            <InsertMenu onInsert={insert} />
          </div>
          <Field label="Text" hint="In Markdown." error={errors.body?.message}>
            <Textarea rows={24} className="min-h-96 font-mono text-[13px] leading-5" {...area} />
          </Field>
          <PanelGuide />
          <OwnNameField
            hint="Shown with the report."
            error={errors.who?.message}
            registered={form.register('who')}
            fill={(name) => form.setValue('who', name)}
          />
        </div>
        <ReportPreview projectId={report.project.id} body={body} />
      </div>
    </form>
  );
}

/** Puts blocks where the cursor is. `area`: what the field of the text is given. */
function useInsertion(form: UseFormReturn<Draft>, body: string) {
  const field = useRef<HTMLTextAreaElement>(null);
  const { ref: registerField, ...registered } = form.register('body');
  function insert(block: string) {
    const { text, at } = insertBlock(body, field.current?.selectionEnd ?? body.length, block);
    form.setValue('body', text, { shouldDirty: true });
    // Once the menu has given the focus back.
    setTimeout(() => {
      field.current?.focus();
      field.current?.setSelectionRange(at, at);
    });
  }
  const ref = (element: HTMLTextAreaElement | null) => {
    registerField(element);
    field.current = element;
  };
  return { insert, area: { ...registered, ref } };
}

/** The version that was read first, or that of the other's text once that was looked at. */
function useSaving(report: ReportFactsFragment, onDone: () => void) {
  const [version, setVersion] = useState(report.version);
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm<Draft>({
    resolver: zodResolver(schema),
    defaultValues: { name: report.name, body: report.body, who: '' },
  });
  const [changeReport] = useMutation(ChangeReportDocument);
  const action = useFormAction(form);
  const submit = form.handleSubmit(async ({ name, body, who }) => {
    const input = { id: report.id, version, name, body, changedBy: who || null };
    const isKept = await action.run(async () => {
      try {
        await changeReport({ variables: { input } });
        return true;
      } catch (error) {
        if (readErrorCode(error) === 'CONFLICT') setRefusal(describeError(error));
        throw error;
      }
    });
    if (isKept) onDone();
  });
  const takeVersion = (newest: number) => {
    setVersion(newest);
    setRefusal(null);
  };
  return { form, busy: action.busy, refusal, submit, takeVersion };
}

/** The browser asks before it leaves what was not saved. */
function useUnsavedGuard(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isUnsaved]);
}

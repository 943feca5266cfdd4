'use client';
/** The form that says something of a run, an experiment or a model. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import * as z from 'zod/mini';
import { OwnNameField } from '../access/own-name-field.tsx';
import '../form/checked-values.ts';
import { useFormAction } from '../form/use-form-action.ts';
import { AddCommentDocument } from '../graphql/generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { Field, Textarea } from '../ui/field.tsx';

const schema = z.object({
  text: z.string().check(z.trim(), z.minLength(1, 'Write something.')),
  who: z.string().check(z.trim()),
});

/** One of them, by its id. */
export type CommentSubject = { runId: string } | { experimentId: string } | { modelId: string };

export function AddComment({ subject }: { subject: CommentSubject }) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { text: '', who: '' },
  });
  const [addComment] = useMutation(AddCommentDocument);
  const action = useFormAction(form);
  const submit = form.handleSubmit(async ({ text, who }) => {
    const variables = { ...subject, text, author: who || null };
    if (await action.run(() => addComment({ variables }))) form.resetField('text');
  });
  return (
    <form onSubmit={submit} aria-label="Comment" className="flex flex-col gap-3">
      <Field label="Comment" hint="In Markdown." error={form.formState.errors.text?.message}>
        <Textarea rows={4} {...form.register('text')} />
      </Field>
      <OwnNameField
        hint="Shown with the comment."
        error={form.formState.errors.who?.message}
        registered={form.register('who')}
        fill={(name) => form.setValue('who', name)}
      />
      <div>
        <Button type="submit" look="primary" disabled={action.busy}>
          Comment
        </Button>
      </div>
    </form>
  );
}

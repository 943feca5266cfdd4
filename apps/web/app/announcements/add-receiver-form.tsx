'use client';
/** The form of a webhook or a mail address. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { OwnNameField } from '../../access/own-name-field.tsx';
import '../../form/checked-values.ts';
import * as z from 'zod/mini';
import { SubmitRow } from '../../form/submit-row.tsx';
import { useFormAction } from '../../form/use-form-action.ts';
import { AddReceiverDocument, type AnnouncementKind } from '../../graphql/generated/graphql.ts';
import { Field, Input, Select } from '../../ui/field.tsx';
import { KindChoice } from './kind-choice.tsx';

const schema = z.object({
  medium: z.enum(['WEBHOOK', 'MAIL']),
  address: z.string().check(z.trim(), z.minLength(1, 'Give the address.')),
  kinds: z.array(z.custom<AnnouncementKind>()).check(z.minLength(1, 'Choose at least one.')),
  addedBy: z.string().check(z.trim()),
});
/** What most want to know: how things ended. */
const USUAL_KINDS: AnnouncementKind[] = ['RUN_SUCCEEDED', 'RUN_FAILED', 'EVALUATION_READY', 'CHAMPION_MOVED'];

type AddReceiverFormProps = { sendsMail: boolean; onDone: (secret: string | null) => void };

export function AddReceiverForm({ sendsMail, onDone }: AddReceiverFormProps) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { medium: 'WEBHOOK', address: '', kinds: USUAL_KINDS, addedBy: '' },
  });
  const [addReceiver] = useMutation(AddReceiverDocument);
  const { run, busy } = useFormAction(form);
  const { errors } = form.formState;
  const medium = form.watch('medium');
  const submit = form.handleSubmit((values) =>
    run(async () => {
      const input = { ...values, addedBy: values.addedBy || null };
      const { data } = await addReceiver({ variables: { input } });
      onDone(data?.addReceiver.secret ?? null);
    }, `${values.address} will be told`),
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Add a receiver">
      <Field label="By" hint={sendsMail ? undefined : 'Mail is off: the API was started without SMTP_URL.'}>
        <Select {...form.register('medium')}>
          <option value="WEBHOOK">Webhook</option>
          <option value="MAIL" disabled={!sendsMail}>
            Mail
          </option>
        </Select>
      </Field>
      <Field label="Address" error={errors.address?.message}>
        <Input
          {...form.register('address')}
          placeholder={medium === 'WEBHOOK' ? 'https://lab.example/microtome' : 'ada@lab.example'}
        />
      </Field>
      <KindChoice
        chosen={form.watch('kinds')}
        onChange={(kinds) => form.setValue('kinds', kinds, { shouldValidate: true })}
        error={errors.kinds?.message}
      />
      <OwnNameField
        hint="Shown with the receiver."
        error={errors.addedBy?.message}
        registered={form.register('addedBy')}
        fill={(name) => form.setValue('addedBy', name)}
      />
      <SubmitRow disabled={busy}>Add</SubmitRow>
    </form>
  );
}

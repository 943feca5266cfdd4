'use client';
/** All accounts of the server: invitations, another link, shutting out. */
import { useMutation, useQuery } from '@apollo/client/react';
import { type FormEvent, useState } from 'react';
import { useAction } from '../../api/use-action.ts';
import { Moment } from '../../components/moment.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { usePlainFormAction } from '../../form/use-plain-form-action.ts';
import {
  AccountsDocument,
  type AccountsQuery,
  InviteAccountDocument,
  RenewInvitationDocument,
  SetAccountDisabledDocument,
} from '../../graphql/generated/graphql.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Input, LabeledCheckbox } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';

type Invited = { link: string; account: { name: string } };

export function AccountsCard() {
  const query = useQuery(AccountsDocument);
  const [invited, setInvited] = useState<Invited | null>(null);
  return (
    <Card title="Accounts" note="Who is invited signs in by the link, once, or by your provider.">
      <div className="flex flex-col gap-4">
        {invited && (
          <Notice title={`Hand this link to ${invited.account.name}: it works once, within three days.`}>
            <code className="font-mono break-all" data-testid="invitation">
              {invited.link}
            </code>
          </Notice>
        )}
        <InviteForm onInvited={setInvited} />
        <QueryFrame {...query}>
          {({ accounts }) => <AccountTable accounts={accounts} onInvited={setInvited} />}
        </QueryFrame>
      </div>
    </Card>
  );
}

function InviteForm({ onInvited }: { onInvited: (invited: Invited) => void }) {
  const [invite] = useMutation(InviteAccountDocument);
  const { run, busy, errors } = usePlainFormAction(['name', 'email']);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const variables = {
      name: String(form.get('name')),
      email: String(form.get('email')),
      isOwner: form.get('isOwner') === 'on',
    };
    void run(async () => {
      const { data } = await invite({ variables });
      if (data) onInvited(data.inviteAccount);
      element.reset();
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <Field label="Name" className="w-52" error={errors.name}>
        <Input name="name" required />
      </Field>
      <Field label="Mail address" className="w-64" error={errors.email}>
        <Input name="email" type="email" required />
      </Field>
      <LabeledCheckbox name="isOwner" label="Owns the server" className="pb-2" />
      <Button type="submit" look="primary" disabled={busy}>
        Invite
      </Button>
    </form>
  );
}

type Account = AccountsQuery['accounts'][number];

function AccountTable({
  accounts,
  onInvited,
}: {
  accounts: readonly Account[];
  onInvited: (invited: Invited) => void;
}) {
  const [renew] = useMutation(RenewInvitationDocument);
  const [setDisabled] = useMutation(SetAccountDisabledDocument);
  const { run, busy } = useAction();
  const renewFor = (accountId: string) =>
    run(async () => {
      const { data } = await renew({ variables: { accountId } });
      if (data) onInvited(data.renewInvitation);
    });
  return (
    <PlainTable
      caption="Accounts"
      rows={accounts}
      rowKey={({ id }) => id}
      columns={[
        { header: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
        { header: 'Mail address', cell: ({ email }) => email ?? '–' },
        { header: 'Since', cell: ({ createdAt }) => <Moment at={createdAt} /> },
        {
          header: 'State',
          cell: ({ isOwner, disabledAt }) =>
            disabledAt ? <Badge tone="danger">shut out</Badge> : isOwner && <Badge>owns the server</Badge>,
        },
        {
          header: 'Acts',
          align: 'right',
          cell: ({ id: accountId, disabledAt }) => (
            <span className="inline-flex gap-2">
              <Button size="sm" disabled={busy} onClick={() => void renewFor(accountId)}>
                Another link
              </Button>
              <Button
                size="sm"
                look={disabledAt ? 'outline' : 'danger'}
                disabled={busy}
                onClick={() =>
                  void run(
                    () => setDisabled({ variables: { accountId, disabled: disabledAt === null } }),
                    'Saved.',
                  )
                }
              >
                {disabledAt ? 'Let in' : 'Shut out'}
              </Button>
            </span>
          ),
        },
      ]}
    />
  );
}

'use client';
/** Tokens of programs: made, shown once, last used, revoked. */
import { useMutation, useQuery } from '@apollo/client/react';
import { type FormEvent, useState } from 'react';
import { useAccess } from '../../access/access-provider.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Moment } from '../../components/moment.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { usePlainFormAction } from '../../form/use-plain-form-action.ts';
import {
  CreateTokenDocument,
  RevokeTokenDocument,
  type TokenRowFragment,
  type TokenScope,
  TokensDocument,
} from '../../graphql/generated/graphql.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Input, LabeledCheckbox, Select } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';

const SCOPES: readonly { scope: TokenScope; label: string }[] = [
  { scope: 'READ', label: 'Read' },
  { scope: 'RECORD', label: 'Record and launch' },
  { scope: 'JUDGE', label: 'Open TEST and promote' },
  { scope: 'MANAGE', label: 'Manage' },
];
const USUAL_DAYS = 90;

export function TokensCard() {
  const query = useQuery(TokensDocument);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Card title="Tokens" note="A program sends one as Authorization: Bearer …; it may no more than you.">
      <div className="flex flex-col gap-4">
        {secret && (
          <Notice title="Copy the token now: it is shown here and never again.">
            <code className="font-mono break-all" data-testid="token">
              {secret}
            </code>
          </Notice>
        )}
        <TokenForm onCreated={setSecret} />
        <QueryFrame {...query}>{({ tokens }) => <TokenTable tokens={tokens} />}</QueryFrame>
      </div>
    </Card>
  );
}

function TokenForm({ onCreated }: { onCreated: (secret: string) => void }) {
  const { me } = useAccess();
  const [create] = useMutation(CreateTokenDocument);
  const { run, busy, errors } = usePlainFormAction(['name', 'days']);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const variables = {
      name: String(form.get('name')),
      scopes: form.getAll('scope') as TokenScope[],
      projectId: String(form.get('project')) || null,
      days: Number(form.get('days')),
    };
    void run(async () => {
      const { data } = await create({ variables });
      if (data) onCreated(data.createToken.secret);
      element.reset();
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <Field label="What it is for" className="w-52" error={errors.name}>
        <Input name="name" required />
      </Field>
      <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-1 pb-1.5">
        <legend className="sr-only">Scopes</legend>
        {SCOPES.map(({ scope, label }) => (
          <LabeledCheckbox
            key={scope}
            name="scope"
            value={scope}
            label={label}
            defaultChecked={scope === 'READ'}
          />
        ))}
      </fieldset>
      <Field label="Project" className="w-40">
        <Select name="project" defaultValue="">
          <option value="">All of mine</option>
          {me?.roles.map(
            ({ project }) =>
              project && (
                <option key={project.id} value={project.id}>
                  {project.name}
                </option>
              ),
          )}
        </Select>
      </Field>
      <Field label="Days" className="w-20" error={errors.days}>
        <Input name="days" type="number" min={1} max={366} defaultValue={USUAL_DAYS} required />
      </Field>
      <Button type="submit" look="primary" disabled={busy}>
        Make a token
      </Button>
    </form>
  );
}

function TokenTable({ tokens }: { tokens: readonly TokenRowFragment[] }) {
  const [revoke] = useMutation(RevokeTokenDocument);
  if (tokens.length === 0) return <p className="text-sm text-muted-foreground">You have no token.</p>;
  return (
    <PlainTable
      caption="Tokens"
      rows={tokens}
      rowKey={({ id }) => id}
      columns={[
        { header: 'For', cell: ({ name }) => <span className="font-medium">{name}</span> },
        { header: 'Begins', cell: ({ hint }) => <code className="font-mono">{hint}…</code> },
        { header: 'May', cell: ({ scopes }) => scopes.join(', ') },
        { header: 'Project', cell: ({ project }) => project?.name ?? 'all of mine' },
        { header: 'Last used', cell: ({ usedAt }) => (usedAt ? <Moment at={usedAt} /> : 'never') },
        { header: 'Ends', cell: ({ expiresAt }) => <Moment at={expiresAt} /> },
        {
          header: 'State',
          align: 'right',
          cell: ({ id, name, revokedAt }) =>
            revokedAt ? (
              <Badge>revoked</Badge>
            ) : (
              <ConfirmDialog
                trigger={
                  <Button size="sm" look="danger">
                    Revoke
                  </Button>
                }
                title={`Revoke '${name}'?`}
                confirm="Revoke"
                done="Revoked."
                onConfirm={() => revoke({ variables: { id } })}
              >
                Programs that send it are refused at once.
              </ConfirmDialog>
            ),
        },
      ]}
    />
  );
}

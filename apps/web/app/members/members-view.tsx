'use client';
/** Each project that you own with its members; for owners of the server also new projects and all accounts. */
import { useMutation, useQuery } from '@apollo/client/react';
import type { FormEvent } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { usePlainFormAction } from '../../form/use-plain-form-action.ts';
import {
  CreateProjectDocument,
  type ProjectMembersFragment,
  ProjectsDocument,
  RemoveProjectMemberDocument,
  type Role,
  SetProjectMemberDocument,
} from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { AccountFrame } from '../account/account-frame.tsx';
import { AccountsCard } from './accounts-card.tsx';

const ROLES: readonly { role: Role; may: string }[] = [
  { role: 'VIEWER', may: 'sees' },
  { role: 'RESEARCHER', may: 'records and launches' },
  { role: 'REVIEWER', may: 'opens TEST and promotes' },
  { role: 'OWNER', may: 'keeps members' },
];

export function MembersView() {
  return <AccountFrame title="Members">{({ me }) => <Members isOwner={me.account.isOwner} />}</AccountFrame>;
}

function Members({ isOwner }: { isOwner: boolean }) {
  const query = useQuery(ProjectsDocument);
  return (
    <>
      <PageHeader title="Members" note="Who is in which project, and what they may do there." />
      <QueryFrame {...query}>
        {({ projects }) => (
          <div className="flex flex-col gap-5">
            {projects.map((project) => (
              <ProjectCard key={project.id} project={project} />
            ))}
            {isOwner && <NewProject />}
            {isOwner && <AccountsCard />}
          </div>
        )}
      </QueryFrame>
    </>
  );
}

function ProjectCard({ project }: { project: ProjectMembersFragment }) {
  const [remove] = useMutation(RemoveProjectMemberDocument);
  const { id: projectId, name, members } = project;
  return (
    <Card title={`Project ${name}`}>
      <div className="flex flex-col gap-4">
        {members.length === 0 ? (
          <p className="text-sm text-muted-foreground">Only the owners of the server.</p>
        ) : (
          <PlainTable
            caption={`Members of ${name}`}
            rows={members}
            rowKey={({ account }) => account.id}
            columns={[
              { header: 'Name', cell: ({ account }) => <span className="font-medium">{account.name}</span> },
              { header: 'Mail address', cell: ({ account }) => account.email ?? '–' },
              { header: 'Role', cell: ({ role }) => role },
              {
                header: 'Membership',
                align: 'right',
                cell: ({ account }) => (
                  <ConfirmDialog
                    trigger={<Button size="sm">Remove</Button>}
                    title={`Take ${account.name} out of ${name}?`}
                    confirm="Take out"
                    done="Taken out."
                    onConfirm={() => remove({ variables: { projectId, accountId: account.id } })}
                  >
                    What they did stays. They see nothing of the project any more.
                  </ConfirmDialog>
                ),
              },
            ]}
          />
        )}
        <MemberForm projectId={projectId} />
      </div>
    </Card>
  );
}

function MemberForm({ projectId }: { projectId: string }) {
  const [setMember] = useMutation(SetProjectMemberDocument);
  const { run, busy, errors } = usePlainFormAction(['email']);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const variables = { projectId, email: String(form.get('email')), role: form.get('role') as Role };
    void run(async () => {
      await setMember({ variables });
      element.reset();
    }, 'Saved.');
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <Field label="Mail address" className="w-64" error={errors.email}>
        <Input name="email" type="email" required />
      </Field>
      <Field label="Role" className="w-64">
        <Select name="role">
          {ROLES.map(({ role, may }) => (
            <option key={role} value={role}>
              {role} – {may}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" disabled={busy}>
        Add or change
      </Button>
    </form>
  );
}

function NewProject() {
  const [create] = useMutation(CreateProjectDocument);
  const { run, busy, errors } = usePlainFormAction(['name']);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const name = String(new FormData(element).get('name'));
    void run(async () => {
      await create({ variables: { name } });
      element.reset();
    }, 'Made.');
  };
  return (
    <Card title="A new project" note="It holds datasets, experiments and models of its own.">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <Field label="Name" className="w-64" error={errors.name}>
          <Input name="name" required />
        </Field>
        <Button type="submit" disabled={busy}>
          Make
        </Button>
      </form>
    </Card>
  );
}

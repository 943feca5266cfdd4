'use client';
/** What can be done with a receiver: test, pause, choose what it is told of, renew its secret, remove. */
import { useMutation } from '@apollo/client/react';
import { KeyRound, ListChecks, Pause, Play, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../api/use-action.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import {
  ChangeReceiverDocument,
  type ReceiverRowFragment,
  RemoveReceiverDocument,
  RenewReceiverSecretDocument,
  TestReceiverDocument,
} from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { KindChoice } from './kind-choice.tsx';
import { SecretDialog } from './secret-dialog.tsx';

export function ReceiverActions({ receiver }: { receiver: ReceiverRowFragment }) {
  const { id, address, medium, pausedAt } = receiver;
  const [change] = useMutation(ChangeReceiverDocument);
  const [test] = useMutation(TestReceiverDocument);
  const [remove] = useMutation(RemoveReceiverDocument);
  const { run, busy } = useAction();
  const isPaused = pausedAt !== null;
  const pause = () => change({ variables: { id, paused: !isPaused } });
  return (
    <>
      <Button
        size="sm"
        disabled={busy || isPaused}
        onClick={() => run(() => test({ variables: { id } }), 'The test is on its way')}
      >
        <Send />
        Send a test
      </Button>
      <Button
        size="sm"
        disabled={busy}
        onClick={() => run(pause, isPaused ? `${address} is told again` : `${address} is paused`)}
      >
        {isPaused ? <Play /> : <Pause />}
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <ChooseKinds receiver={receiver} />
      {medium === 'WEBHOOK' && <RenewSecret receiver={receiver} />}
      <ConfirmDialog
        title={`Remove ${address}?`}
        confirm="Remove"
        done={`${address} was removed`}
        onConfirm={() => remove({ variables: { id } })}
        trigger={
          <Button size="sm" look="danger">
            <Trash2 />
            Remove
          </Button>
        }
      >
        It is told nothing more, and the log of what was sent to it goes too.
      </ConfirmDialog>
    </>
  );
}

function ChooseKinds({ receiver: { id, address, kinds } }: { receiver: ReceiverRowFragment }) {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState([...kinds]);
  const [change] = useMutation(ChangeReceiverDocument);
  const { run, busy } = useAction();
  async function save() {
    if (await run(() => change({ variables: { id, kinds: chosen } }), 'Saved')) setOpen(false);
  }
  return (
    <Dialog
      title={`What ${address} is told of`}
      open={open}
      onOpenChange={(opening) => {
        setChosen([...kinds]);
        setOpen(opening);
      }}
      trigger={
        <Button size="sm">
          <ListChecks />
          Choose
        </Button>
      }
    >
      <KindChoice chosen={chosen} onChange={setChosen} />
      <div className="mt-5 flex justify-end">
        <Button look="primary" disabled={busy || chosen.length === 0} onClick={save}>
          Save
        </Button>
      </div>
    </Dialog>
  );
}

function RenewSecret({ receiver: { id, address } }: { receiver: ReceiverRowFragment }) {
  const [secret, setSecret] = useState<string | null>(null);
  const [renew] = useMutation(RenewReceiverSecretDocument);
  async function confirm() {
    const { data } = await renew({ variables: { id } });
    setSecret(data?.renewReceiverSecret.secret ?? null);
  }
  return (
    <>
      <ConfirmDialog
        title={`Another secret for ${address}?`}
        confirm="Renew"
        done="There is another secret"
        onConfirm={confirm}
        trigger={
          <Button size="sm">
            <KeyRound />
            New secret
          </Button>
        }
      >
        What is sent from now on is signed with it alone: the receiver must know it to check what comes.
      </ConfirmDialog>
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </>
  );
}

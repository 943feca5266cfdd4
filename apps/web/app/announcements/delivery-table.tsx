'use client';
/** The newest deliveries of a receiver: what was told, where it stands, and what came back; each can be sent again. */
import { useMutation } from '@apollo/client/react';
import { RotateCw } from 'lucide-react';
import { useAction } from '../../api/use-action.ts';
import { Moment } from '../../components/moment.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { type DeliveryRowFragment, RedeliverDocument } from '../../graphql/generated/graphql.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { describeDelivery } from './name-kind.ts';

type DeliveryTableProps = {
  address: string;
  deliveries: readonly DeliveryRowFragment[];
  isPaused: boolean;
};

export function DeliveryTable({ address, deliveries, isPaused }: DeliveryTableProps) {
  return (
    <div className="border-t border-line">
      <PlainTable
        caption={`What was sent to ${address}`}
        rows={deliveries}
        rowKey={({ id }) => id}
        columns={[
          {
            header: 'Told',
            className: 'min-w-52',
            cell: ({ announcement }) =>
              announcement ? (
                <TextLink href={announcement.path}>{announcement.title}</TextLink>
              ) : (
                'Test message'
              ),
          },
          { header: 'State', cell: (row) => <DeliveryState delivery={row} /> },
          {
            header: 'Came back',
            className: 'min-w-44',
            cell: (row) => (
              <span className="break-words" title={row.attempts[0]?.answer}>
                {describeDelivery(row).answer || '–'}
              </span>
            ),
          },
          { header: 'Attempts', align: 'right', cell: ({ attemptsMade }) => attemptsMade },
          { header: 'When', cell: ({ createdAt }) => <Moment at={createdAt} /> },
          { header: '', align: 'right', cell: ({ id }) => <SendAgain id={id} disabled={isPaused} /> },
        ]}
      />
    </div>
  );
}

function DeliveryState({ delivery }: { delivery: DeliveryRowFragment }) {
  const { label, tone } = describeDelivery(delivery);
  return <Badge tone={tone}>{label}</Badge>;
}

function SendAgain({ id, disabled }: { id: string; disabled: boolean }) {
  const [redeliver] = useMutation(RedeliverDocument);
  const { run, busy } = useAction();
  return (
    <Button
      size="sm"
      disabled={disabled || busy}
      onClick={() => run(() => redeliver({ variables: { id } }), 'It is sent again')}
    >
      <RotateCw />
      Send again
    </Button>
  );
}

'use client';
/** Receivers one below the other, reloaded every few seconds, because deliveries move by themselves. */
import { useQuery } from '@apollo/client/react';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { ReceiversDocument } from '../../graphql/generated/graphql.ts';
import { AddReceiverDialog } from './add-receiver-dialog.tsx';
import { ReceiverCard } from './receiver-card.tsx';

const REFRESH_MS = 4_000;

export function AnnouncementsView() {
  const query = useQuery(ReceiversDocument, { pollInterval: REFRESH_MS });
  const sendsMail = query.data?.serverInfo.sendsMail ?? false;
  return (
    <>
      <PageHeader
        title="Announcements"
        note="Webhooks and mail addresses that are told when a run ends, an evaluation is ready, a champion moves or an import is done."
        actions={<AddReceiverDialog sendsMail={sendsMail} />}
      />
      <QueryFrame {...query}>
        {({ receivers }) =>
          receivers.length === 0 ? (
            <EmptyState title="No receiver yet">
              Add a webhook, and each announcement is sent to it as a signed POST, tried again until it
              arrives.{' '}
              {sendsMail ? 'Or add a mail address.' : 'Mail is off: start the API with SMTP_URL to send it.'}
            </EmptyState>
          ) : (
            <div className="flex flex-col gap-5">
              {receivers.map((receiver) => (
                <ReceiverCard key={receiver.id} receiver={receiver} />
              ))}
            </div>
          )
        }
      </QueryFrame>
    </>
  );
}

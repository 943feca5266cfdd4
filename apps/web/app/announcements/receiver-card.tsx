'use client';
/** One receiver: what it is told of, whether it is paused, what can be done with it, and what was sent to it lately. */
import { Moment } from '../../components/moment.tsx';
import type { ReceiverRowFragment } from '../../graphql/generated/graphql.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { DeliveryTable } from './delivery-table.tsx';
import { nameKind } from './name-kind.ts';
import { ReceiverActions } from './receiver-actions.tsx';

export function ReceiverCard({ receiver }: { receiver: ReceiverRowFragment }) {
  const { medium, address, kinds, addedBy, createdAt, pausedAt, pauseReason, deliveries } = receiver;
  const shown = deliveries.edges.map(({ node }) => node);
  return (
    <Card
      title={<span className="break-all">{address}</span>}
      note={
        <>
          {medium === 'WEBHOOK' ? 'Webhook' : 'Mail'}, added by {addedBy} <Moment at={createdAt} />
        </>
      }
      actions={<ReceiverActions receiver={receiver} />}
      aria-label={address}
      flush
    >
      <div className="flex flex-col gap-3 px-4 py-3">
        <div className="flex flex-wrap gap-1.5">
          {kinds.map((kind) => (
            <Badge key={kind}>{nameKind(kind)}</Badge>
          ))}
        </div>
        {pausedAt && (
          <Notice tone="caution">
            Paused <Moment at={pausedAt} />: what happens meanwhile is not told later. {pauseReason}
          </Notice>
        )}
        <p className="text-xs text-muted-foreground">{countDeliveries(receiver)}</p>
      </div>
      {shown.length > 0 && (
        <DeliveryTable address={address} deliveries={shown} isPaused={pausedAt !== null} />
      )}
    </Card>
  );
}

function countDeliveries({ deliveries, pendingCount, failedCount }: ReceiverRowFragment): string {
  if (deliveries.totalCount === 0) return 'Nothing was sent yet.';
  const parts = [`${deliveries.totalCount} in the log`];
  if (pendingCount > 0) parts.push(`${pendingCount} under way or waiting`);
  if (failedCount > 0) parts.push(`${failedCount} given up`);
  const isCut = deliveries.totalCount > deliveries.edges.length;
  return `${parts.join(', ')}.${isCut ? ` The newest ${deliveries.edges.length} are shown.` : ''}`;
}

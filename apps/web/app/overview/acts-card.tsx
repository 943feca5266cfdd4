'use client';
/** What people did lately, for whoever leads them. */
import { useQuery } from '@apollo/client/react';
import { Moment } from '../../components/moment.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { RecentActsDocument } from '../../graphql/generated/graphql.ts';
import { Card } from '../../ui/card.tsx';
import { type Act, listActs } from './list-acts.ts';

const SHOWN = 8;
const REFRESH_MS = 30_000;

/** Nothing before the first act. */
export function ActsCard() {
  const { data } = useQuery(RecentActsDocument, { pollInterval: REFRESH_MS });
  const acts = data ? listActs(data).slice(0, SHOWN) : [];
  if (acts.length === 0) return null;
  return (
    <Card flush title="What people did" note="TEST opened, budgets, promotions, comments; the newest first.">
      <ul aria-label="Acts" className="divide-y divide-line text-sm">
        {acts.map((act) => (
          <ActLine key={act.id} act={act} />
        ))}
      </ul>
    </Card>
  );
}

function ActLine({ act: { at, who, did, about, said } }: { act: Act }) {
  return (
    <li className="grid gap-x-4 px-4 py-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]">
      <span className="min-w-0">
        <b className="font-medium">{who}</b> {did}{' '}
        {about.href ? <TextLink href={about.href}>{about.label}</TextLink> : about.label}
      </span>
      <span className="truncate text-muted-foreground" title={said}>
        {said && `“${said}”`}
      </span>
      <span className="text-xs text-muted-foreground sm:text-right">
        <Moment at={at} />
      </span>
    </li>
  );
}

'use client';
/** Lays out one split. */
import { useQuery } from '@apollo/client/react';
import { FileText } from 'lucide-react';
import Link from 'next/link';
import { useEffect } from 'react';
import { linkToLaunch } from '../../../address/page-addresses.ts';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { SplitDocument, type SplitQuery } from '../../../graphql/generated/graphql.ts';
import { nameStrategy } from '../../../split/name-strategy.ts';
import { UnsafeMark } from '../../../split/unsafe-mark.tsx';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { hasUnits } from '../../../unit/unit-words.ts';
import { DeleteSplit } from './delete-split.tsx';
import { ImportedList } from './imported-list.tsx';
import { PatientAssignments } from './patient-assignments.tsx';
import { SplitAudit } from './split-audit.tsx';
import { SplitFacts } from './split-facts.tsx';
import { SubsetBalance } from './subset-balance.tsx';
import { TestOpenings } from './test-openings.tsx';

const AUDIT_POLL_MS = 1_000;

export function SplitView({ splitId }: { splitId: string }) {
  const query = useQuery(SplitDocument, { variables: { id: splitId } });
  const { startPolling, stopPolling } = query;
  const isBeingAudited = Boolean(query.data?.split && !query.data.split.audit);
  useEffect(() => {
    if (!isBeingAudited) return;
    startPolling(AUDIT_POLL_MS);
    return stopPolling;
  }, [isBeingAudited, startPolling, stopPolling]);
  return (
    <QueryFrame {...query} data={query.data?.split} missing="This split">
      {(split) => <SplitLayout split={split} />}
    </QueryFrame>
  );
}

type Split = NonNullable<SplitQuery['split']>;

function SplitLayout({ split }: { split: Split }) {
  const positiveClass = split.dataset.tasks[0]?.positiveName ?? 'positive';
  const { unit } = split.dataset;
  return (
    <>
      <PageHeader
        title={split.name}
        parent={{ href: '/splits', label: 'Splits' }}
        marks={split.unsafe && <UnsafeMark />}
        note={
          <>
            <TextLink href={`/datasets/${split.dataset.id}`}>{split.dataset.name}</TextLink> ·{' '}
            {nameStrategy(split.strategy, unit)}
          </>
        }
        actions={
          <>
            <Button asChild look="primary">
              <Link href={linkToLaunch({ dataset: split.dataset.id, split: split.id })}>
                Launch on this split
              </Link>
            </Button>
            <Button asChild>
              <Link href={`/splits/${split.id}/certificate`}>
                <FileText />
                Certificate
              </Link>
            </Button>
            <DeleteSplit splitId={split.id} name={split.name} />
          </>
        }
      />
      {split.unsafe && (
        <Notice tone="danger" title="Do not trust figures from this split" className="mb-5">
          {explainDistrust(split)}
        </Notice>
      )}
      <div className="flex flex-col gap-5">
        <SubsetBalance subsets={split.subsets} positiveClass={positiveClass} unit={unit} />
        {split.kind === 'PATIENT' && (
          <PatientAssignments splitId={split.id} positiveClass={positiveClass} unit={unit} />
        )}
        <SplitFacts split={split} />
        {split.importedFrom && <ImportedList list={split.importedFrom} unit={unit} />}
        <SplitAudit audit={split.audit} auditProgress={split.auditProgress} unit={unit} />
        <TestOpenings split={split} />
      </div>
    </>
  );
}

/** Why figures from an unsafe split mean nothing. */
function explainDistrust({ kind, strategy, dataset: { unit } }: Split): string {
  if (kind === 'PATCH' && (strategy === 'PUBLISHED' || strategy === 'IMPORTED')) {
    const why = hasUnits(unit) ? `${unit.heading} are on several of them` : 'Patients are unknown';
    return `These are the sides as they were given. ${why}, so the network may be tested on almost what it was trained on. No run on it can be promoted.`;
  }
  if (kind === 'PATCH') {
    return `Patches, not ${unit.many}, were dealt out at random. Neighbouring patches of one ${unit.one} look alike, so the network is tested on almost what it was trained on. The split exists to show how much this inflates figures; no run on it can be promoted.`;
  }
  return `${unit.heading} were kept apart, but the leakage audit found patches on two sides: the network is tested on what it was trained on. No run on this split can be promoted. The audit below has the details.`;
}

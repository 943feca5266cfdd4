'use client';
/** One version: the run behind it, its figures, the gate's verdict on it now, and promoting it. */
import { FileText, ScanSearch } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { linkToSlideAnalyses } from '../../../address/page-addresses.ts';
import { Moment } from '../../../components/moment.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { LearningMark } from '../../../evaluation/learning-mark.tsx';
import { findMetric } from '../../../evaluation/list-metrics.ts';
import { ExamineDialog } from '../../../external-evaluation/examine-dialog.tsx';
import { formatInterval, formatMetric } from '../../../format/format-number.ts';
import type { ModelPageFragment } from '../../../graphql/generated/graphql.ts';
import { titleShortly } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { OverrideMark } from '../../../model/override-mark.tsx';
import { known } from '../../../run/run-on-split.ts';
import { UnsafeMark } from '../../../split/unsafe-mark.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { GateRules } from './gate-rules.tsx';
import { PromoteDialog } from './promote-dialog.tsx';

type Version = ModelPageFragment['versions'][number];

type VersionCardProps = { version: Version; model: Pick<ModelPageFragment, 'id' | 'name' | 'aliases'> };

export function VersionCard({ version, model }: VersionCardProps) {
  const { run, aliases } = version;
  const isChampion = aliases.includes('champion');
  return (
    <Card
      className={isChampion ? 'border-accent/60' : undefined}
      title={
        <span className="flex flex-wrap items-center gap-2">
          Version {version.number}
          {aliases.map((alias) => (
            <Badge key={alias} tone="accent">
              {alias}
            </Badge>
          ))}
          {isChampion && <OverrideMark aliases={model.aliases} />}
          {run.unsafe && <UnsafeMark />}
          <LearningMark learning={run.learning} />
        </span>
      }
      note={
        <>
          from <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink> ({run.architecture}) on{' '}
          <TextLink href={`/splits/${known(run.split).id}`}>{known(run.split).name}</TextLink> · registered{' '}
          <Moment at={version.createdAt} />
        </>
      }
      actions={
        <>
          <Button asChild size="sm">
            <Link href={`/models/${model.id}/versions/${version.number}`}>
              <FileText />
              Model card
            </Link>
          </Button>
          <Button asChild size="sm">
            <Link href={linkToSlideAnalyses(version.id)}>
              <ScanSearch />
              Slides
            </Link>
          </Button>
          <ExamineDialog run={run} of={`version ${version.number}`} size="sm" />
          {!isChampion && <PromoteDialog version={version} modelName={model.name} />}
        </>
      }
    >
      <div className="grid gap-5 lg:grid-cols-[16rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-2.5">
          <dl className="flex flex-col gap-2.5">
            <SubsetFigure version={version} subset="VALIDATION" />
            <SubsetFigure version={version} subset="TEST" />
          </dl>
          {version.notes && <p className="text-sm text-muted-foreground">{version.notes}</p>}
        </div>
        <GateOpinion version={version} isChampion={isChampion} />
      </div>
    </Card>
  );
}

function GateOpinion({ version: { gate, run }, isChampion }: { version: Version; isChampion: boolean }) {
  return (
    <div>
      <p className="mb-1 text-xs font-medium">
        {isChampion ? 'What the gate says about it now' : 'What the gate would say to a promotion now'}:{' '}
        <Badge tone={gate.allowed ? 'good' : 'danger'}>{gate.allowed ? 'allowed' : 'refused'}</Badge>{' '}
        <span className="font-normal text-muted-foreground">policy version {gate.policyVersion}</span>
      </p>
      <GateRules verdict={gate} run={run} />
    </div>
  );
}

type SubsetFigureProps = { version: Version; subset: 'VALIDATION' | 'TEST' };

function SubsetFigure({ version, subset }: SubsetFigureProps): ReactNode {
  const catalogue = useMetricCatalogue();
  const auc = findMetric(version.run.evaluations, { subset, name: 'auc' });
  return (
    <div>
      <dt className="text-xs text-muted-foreground">
        {subset} {titleShortly(catalogue, 'auc')}
      </dt>
      <dd className="text-lg font-semibold">
        {subset === 'TEST' && version.run.testSealed ? 'sealed' : formatMetric(auc?.value)}
      </dd>
      {auc?.interval && (
        <dd className="text-xs text-muted-foreground">95 % {formatInterval(auc.interval)}</dd>
      )}
    </div>
  );
}

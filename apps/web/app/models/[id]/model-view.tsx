'use client';
/** Lays out one model. */
import { useQuery } from '@apollo/client/react';
import { ModelComments } from '../../../comment/other-comments.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { ExternalEvaluationsOfModel } from '../../../external-evaluation/external-evaluations-card.tsx';
import { ModelDocument, type ModelPageFragment } from '../../../graphql/generated/graphql.ts';
import { UnsafeMark } from '../../../split/unsafe-mark.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Card } from '../../../ui/card.tsx';
import { DemoteDialog, RollBackDialog } from './alias-act-dialog.tsx';
import { EditModelDialog } from './edit-model-dialog.tsx';
import { PolicyCard } from './policy-card.tsx';
import { PromotionHistory } from './promotion-history.tsx';
import { RegisterRun } from './register-run.tsx';
import { VersionCard } from './version-card.tsx';

export function ModelView({ modelId }: { modelId: string }) {
  const query = useQuery(ModelDocument, { variables: { id: modelId } });
  return (
    <QueryFrame {...query} data={query.data?.model} missing="This model">
      {(model) => <ModelLayout model={model} />}
    </QueryFrame>
  );
}

function ModelLayout({ model }: { model: ModelPageFragment }) {
  const versions = [...model.versions].sort((a, b) => b.number - a.number);
  return (
    <>
      <PageHeader
        title={model.name}
        parent={{ href: '/models', label: 'Models' }}
        marks={
          model.champion ? (
            <>
              <Badge tone="accent">champion: version {model.champion.number}</Badge>
              {model.champion.run.unsafe && <UnsafeMark />}
            </>
          ) : (
            <Badge>no champion</Badge>
          )
        }
        note={model.description}
        actions={
          <>
            <RollBackDialog model={model} />
            <DemoteDialog model={model} />
            <EditModelDialog model={model} />
            <RegisterRun modelId={model.id} registered={model.versions.map(({ run }) => run.id)} />
          </>
        }
      />
      <div className="flex flex-col gap-5">
        {model.intendedUse && (
          <Card title="Intended use">
            <p className="max-w-3xl text-sm whitespace-pre-line">{model.intendedUse}</p>
          </Card>
        )}
        {versions.length === 0 && (
          <EmptyState title="No version yet">Register the result of a successful run.</EmptyState>
        )}
        {versions.map((version) => (
          <VersionCard key={version.id} version={version} model={model} />
        ))}
        {versions.length > 0 && <ExternalEvaluationsOfModel modelId={model.id} />}
        <Card title="Promotion history" note="Append-only: refusals are kept too." flush>
          <PromotionHistory promotions={model.promotions} />
        </Card>
        <PolicyCard model={model} />
      </div>
      <ModelComments modelId={model.id} />
    </>
  );
}

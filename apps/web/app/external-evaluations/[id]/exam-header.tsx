'use client';
/** What was put to the test on whom, by whom, and its files. */
import { Download } from 'lucide-react';
import { useFileUrl } from '../../../api/api-provider.tsx';
import { Moment } from '../../../components/moment.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { nameExam } from '../../../external-evaluation/name-exam.ts';
import { formatMetric } from '../../../format/format-number.ts';
import type { ExternalEvaluationPageFragment } from '../../../graphql/generated/graphql.ts';
import { StatusBadge } from '../../../run/status-badge.tsx';
import { UnsafeMark } from '../../../split/unsafe-mark.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';

const FILES = ['predictions.csv', 'predictions.parquet'];
/** Of an exam with labels. */
const PATIENTS_FILE = 'patients.csv';

export function ExamHeader({ evaluation }: { evaluation: ExternalEvaluationPageFragment }) {
  const { id, run, dataset, task, status, threshold, requestedBy, createdAt, backend } = evaluation;
  const toUrl = useFileUrl();
  return (
    <PageHeader
      title={`${run.name} on ${nameExam(evaluation)}`}
      parent={{ href: `/runs/${run.id}?tab=evaluation`, label: run.name }}
      marks={
        <>
          <StatusBadge status={status} />
          {run.unsafe && <UnsafeMark />}
          {run.modelVersions.map(({ id: versionId, number, model }) => (
            <Badge key={versionId} asLink={`/models/${model.id}`}>
              {model.name} v{number}
            </Badge>
          ))}
        </>
      }
      note={
        <>
          Trained on <TextLink href={`/datasets/${run.dataset.id}`}>{run.dataset.name}</TextLink>, put to the
          test on <TextLink href={`/datasets/${dataset.id}`}>{dataset.name}</TextLink> by {requestedBy}{' '}
          <Moment at={createdAt} />. Its threshold of {formatMetric(threshold)}, chosen on VALIDATION at home,
          travelled unchanged{backend && `; predicted on ${backend}`}.
        </>
      }
      actions={
        status === 'SUCCEEDED' &&
        [...FILES, ...(task ? [PATIENTS_FILE] : [])].map((file) => (
          <Button key={file} asChild size="sm">
            <a href={toUrl(`/external-evaluations/${id}/${file}`)} download>
              <Download />
              {file}
            </a>
          </Button>
        ))
      }
    />
  );
}

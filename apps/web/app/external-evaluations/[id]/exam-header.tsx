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
import { known } from '../../../run/run-on-split.ts';
import { StatusBadge } from '../../../run/status-badge.tsx';
import { UnsafeMark } from '../../../split/unsafe-mark.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';

const FILES = ['predictions.csv', 'predictions.parquet'];
/** Of an exam with labels; the second where the source tells sites. */
const PATIENTS_FILE = 'patients.csv';
const SITES_FILE = 'sites.csv';

export function ExamHeader({ evaluation }: { evaluation: ExternalEvaluationPageFragment }) {
  const { id, run, dataset, task, status, threshold, requestedBy, createdAt, backend } = evaluation;
  const tables = task ? [PATIENTS_FILE, ...(dataset.sites.length > 0 ? [SITES_FILE] : [])] : [];
  const home = known(run.dataset);
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
          Trained on <TextLink href={`/datasets/${home.id}`}>{home.name}</TextLink>, put to the test on{' '}
          <TextLink href={`/datasets/${dataset.id}`}>{dataset.name}</TextLink> by {requestedBy}{' '}
          <Moment at={createdAt} />. Its threshold of {formatMetric(threshold)}, chosen on VALIDATION at home,
          travelled unchanged{backend && `; predicted on ${backend}`}.
          {evaluation.sidesConfirmed &&
            ` The names of the classes do not tell what is positive: ${requestedBy} confirmed that it means the same in both.`}
        </>
      }
      actions={
        status === 'SUCCEEDED' &&
        [...FILES, ...tables].map((file) => (
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

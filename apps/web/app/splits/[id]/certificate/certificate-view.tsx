'use client';
/** The certificate of a split: what a paper has to say of it, what was checked and found, and how it is made again. */
import { useQuery } from '@apollo/client/react';
import { Download } from 'lucide-react';
import { useFileUrl } from '../../../../api/api-provider.tsx';
import { Digest } from '../../../../components/digest.tsx';
import { PageHeader } from '../../../../components/page-header.tsx';
import { QueryFrame } from '../../../../components/query-frame.tsx';
import { TextLink } from '../../../../components/text-link.tsx';
import { formatCount } from '../../../../format/format-number.ts';
import {
  SplitCertificateDocument,
  type SplitCertificateQuery,
} from '../../../../graphql/generated/graphql.ts';
import { Sentences } from '../../../../split/sentences.tsx';
import { UnsafeMark } from '../../../../split/unsafe-mark.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Card } from '../../../../ui/card.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { countUnits } from '../../../../unit/unit-words.ts';
import { CertifiedSides, CertifiedSites } from './certified-sides.tsx';

const DOWNLOADS = [
  ['certificate.pdf', 'PDF'],
  ['certificate.html', 'HTML'],
  ['certificate.json', 'JSON'],
  ['list.csv', 'List'],
] as const;

export function CertificateView({ splitId }: { splitId: string }) {
  const query = useQuery(SplitCertificateDocument, {
    variables: { id: splitId },
    fetchPolicy: 'cache-and-network',
  });
  return (
    <QueryFrame {...query} data={query.data?.split} missing="This split">
      {(split) => <CertificateLayout split={split} />}
    </QueryFrame>
  );
}

type CertifiedSplit = NonNullable<SplitCertificateQuery['split']>;

function CertificateLayout({ split }: { split: CertifiedSplit }) {
  const { certificate, dataset } = split;
  const toUrl = useFileUrl();
  return (
    <>
      <PageHeader
        title={`Certificate of ${split.name}`}
        parent={{ href: `/splits/${split.id}`, label: split.name }}
        marks={split.unsafe && <UnsafeMark />}
        note={
          <>
            <TextLink href={`/datasets/${dataset.id}`}>{dataset.name}</TextLink>, split {dataset.unit.by} ·{' '}
            <Digest value={split.digest} />
          </>
        }
        actions={DOWNLOADS.map(([file, label]) => (
          <Button asChild key={file}>
            <a href={toUrl(`/splits/${split.id}/${file}`)} download>
              <Download />
              {label}
            </a>
          </Button>
        ))}
      />
      <div className="flex max-w-5xl flex-col gap-5">
        <Verdict split={split} />
        <Card title="For the methods section" note="What TRIPOD+AI and CLAIM ask to be said of a split.">
          <p className="text-sm leading-relaxed">{certificate.statement}</p>
        </Card>
        <CertifiedSides certificate={certificate} unit={dataset.unit} />
        {certificate.sites.length > 0 && <CertifiedSites certificate={certificate} unit={dataset.unit} />}
        <Card title="What was checked">
          <Sentences sentences={certificate.checked} />
        </Card>
        {certificate.notChecked.length > 0 && (
          <Card title="What was not checked">
            <Sentences sentences={certificate.notChecked} />
          </Card>
        )}
        {certificate.sharedCount > 0 && (
          <Card title={`On several sides: ${countUnits(dataset.unit, certificate.sharedCount)}`}>
            <p className="font-mono text-xs leading-relaxed break-words">
              {certificate.shared.join(', ')}
              {certificate.sharedCount > certificate.shared.length &&
                ` and ${formatCount(certificate.sharedCount - certificate.shared.length)} more`}
            </p>
          </Card>
        )}
        <Again />
      </div>
    </>
  );
}

function Again() {
  return (
    <Card
      title="To make it again"
      note="With the list and the JSON, everything but the audit of the images is computed again and compared."
    >
      <code
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
        tabIndex={0}
        className="block overflow-x-auto rounded-md bg-surface-muted p-3 text-xs whitespace-pre"
      >
        npm run audit-split -- --certificate certificate.json --list list.csv
      </code>
    </Card>
  );
}

function Verdict({ split: { unsafe, audit } }: { split: CertifiedSplit }) {
  if (unsafe) {
    return (
      <Notice tone="danger" title="Unsafe: the sides are not independent">
        <Sentences sentences={audit?.reasons ?? ['Patches were divided regardless of whose they are.']} />
      </Notice>
    );
  }
  if (!audit) return <Notice tone="caution" title="The audit of the images is still being made" />;
  return <Notice title="Clean: nothing was found on two sides" />;
}

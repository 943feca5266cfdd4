'use client';
/** The files of a run: predictions, the model for TensorFlow.js and as ONNX, and every artifact by its content hash. */
import { Download } from 'lucide-react';
import { useFileUrl } from '../../../api/api-provider.tsx';
import { Digest } from '../../../components/digest.tsx';
import { Moment } from '../../../components/moment.tsx';
import { formatBytes } from '../../../format/format-number.ts';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

export function RunFiles({ run }: { run: RunPageFragment }) {
  const toUrl = useFileUrl();
  return (
    <Card
      flush
      title="Files"
      note="Kept by content hash. TEST predictions stay sealed until TEST is opened."
      actions={
        <>
          {run.tables.map(({ name, format, url }) => (
            <DownloadButton key={url} href={toUrl(url)}>
              {`${name}.${format}`}
            </DownloadButton>
          ))}
          {run.modelUrl && <DownloadButton href={toUrl(run.modelUrl)}>model.json</DownloadButton>}
          {run.onnxUrl && <DownloadButton href={toUrl(run.onnxUrl)}>model.onnx</DownloadButton>}
        </>
      }
    >
      {run.files.length > 0 && <ProgramFiles files={run.files} />}
      {run.artifacts.length === 0 && run.files.length === 0 && (
        <p className="p-4 text-sm text-muted-foreground">
          No file yet. The first checkpoint comes with the first epoch.
        </p>
      )}
      {run.artifacts.length > 0 && (
        <PlainTable
          caption="Artifacts"
          rows={run.artifacts}
          rowKey={(row) => row.role}
          columns={[
            { header: 'Role', cell: (row) => <span className="font-mono text-xs">{row.role}</span> },
            { header: 'Size', align: 'right', cell: (row) => formatBytes(row.bytes) },
            { header: 'Type', cell: (row) => row.mediaType },
            { header: 'Hash', cell: (row) => <Digest value={row.hash} /> },
            { header: 'Stored', cell: (row) => <Moment at={row.createdAt} /> },
            {
              header: 'Download',
              cell: (row) =>
                row.url ? (
                  <a
                    className="text-accent hover:underline"
                    href={toUrl(row.url)}
                    download
                    aria-label={`Download ${row.role}`}
                  >
                    download
                  </a>
                ) : (
                  <span className="text-xs text-muted-foreground">sealed</span>
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}

function DownloadButton({ href, children }: { href: string; children: string }) {
  return (
    <Button asChild size="sm">
      <a href={href} download>
        <Download />
        {children}
      </a>
    </Button>
  );
}

/** What lies at the top of the files that an external program keeps. */
function ProgramFiles({ files }: { files: RunPageFragment['files'] }) {
  const toUrl = useFileUrl();
  return (
    <PlainTable
      caption="Files of its program"
      rows={files}
      rowKey={(row) => row.path}
      columns={[
        {
          header: 'Path',
          cell: (row) => (
            <span className="font-mono text-xs">{row.isFolder ? `${row.path}/` : row.path}</span>
          ),
        },
        { header: 'Size', align: 'right', cell: (row) => (row.isFolder ? '–' : formatBytes(row.bytes)) },
        {
          header: 'Download',
          cell: (row) =>
            row.url ? (
              <a className="text-accent hover:underline" href={toUrl(row.url)} download>
                download
              </a>
            ) : null,
        },
      ]}
    />
  );
}

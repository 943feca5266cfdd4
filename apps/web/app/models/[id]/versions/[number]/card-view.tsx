'use client';
/** One version's model card: the API's text section by section, and the same as Markdown and PDF. */
import { useQuery } from '@apollo/client/react';
import { Download } from 'lucide-react';
import { useFileUrl } from '../../../../../api/api-provider.tsx';
import { Moment } from '../../../../../components/moment.tsx';
import { PageHeader } from '../../../../../components/page-header.tsx';
import { QueryFrame } from '../../../../../components/query-frame.tsx';
import { LearningMark } from '../../../../../evaluation/learning-mark.tsx';
import { ModelCardDocument, type ModelCardQuery } from '../../../../../graphql/generated/graphql.ts';
import { UnsafeMark } from '../../../../../split/unsafe-mark.tsx';
import { Badge } from '../../../../../ui/badge.tsx';
import { Button } from '../../../../../ui/button.tsx';
import { Card } from '../../../../../ui/card.tsx';
import { CardBlockView } from './card-block-view.tsx';

type CardViewProps = { modelId: string; number: number };

export function CardView({ modelId, number }: CardViewProps) {
  const query = useQuery(ModelCardDocument, { variables: { modelId, number } });
  return (
    <QueryFrame {...query} data={query.data?.model?.version} missing="This version">
      {(version) => <CardLayout version={version} model={query.data?.model} />}
    </QueryFrame>
  );
}

type Model = NonNullable<ModelCardQuery['model']>;
type Version = NonNullable<Model['version']>;

function CardLayout({ version, model }: { version: Version; model: Model | null | undefined }) {
  const { card, cardUrl } = version;
  const toUrl = useFileUrl();
  return (
    <>
      <PageHeader
        title={card.title}
        parent={{ href: `/models/${model?.id}`, label: model?.name ?? 'Model' }}
        marks={
          <>
            {version.aliases.map((alias) => (
              <Badge key={alias} tone="accent">
                {alias}
              </Badge>
            ))}
            {version.run.unsafe && <UnsafeMark />}
            <LearningMark learning={version.run.learning} />
          </>
        }
        note={
          <>
            Model card · <span className="font-mono text-xs">{card.identity}</span> · as of{' '}
            <Moment at={card.asOf} />
            {card.subtitle && <p>{card.subtitle}</p>}
          </>
        }
        actions={
          <>
            <DownloadButton href={toUrl(`${cardUrl}.pdf`)} label="PDF" />
            <DownloadButton href={toUrl(`${cardUrl}.html`)} label="HTML" />
            <DownloadButton href={toUrl(`${cardUrl}.md`)} label="Markdown" />
          </>
        }
      />
      <div className="flex max-w-5xl flex-col gap-5">
        {arrangeSections(card.blocks).map(({ title, blocks }) => (
          <Card key={title ?? 'first'} title={title ?? undefined}>
            <div className="flex flex-col gap-3.5">
              {blocks.map((block, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no name and never move
                <CardBlockView key={at} block={block} />
              ))}
            </div>
          </Card>
        ))}
      </div>
    </>
  );
}

function DownloadButton({ href, label }: { href: string; label: string }) {
  return (
    <Button asChild>
      <a href={href} download>
        <Download />
        {label}
      </a>
    </Button>
  );
}

type Block = Version['card']['blocks'][number];
type CardSection = { title: string | null; blocks: Block[] };

/** Cuts the blocks of a card at its headings. What stands before the first heading is a section without a title. */
function arrangeSections(blocks: readonly Block[]): CardSection[] {
  const sections: CardSection[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading') sections.push({ title: block.text ?? '', blocks: [] });
    else if (sections.length === 0) sections.push({ title: null, blocks: [block] });
    else sections.at(-1)?.blocks.push(block);
  }
  return sections;
}

/** What a list would become: the verdict, what does not fit, the sides, and who is on several of them. */

import { formatCount } from '../../format/format-number.ts';
import type { PreviewSplitImportQuery } from '../../graphql/generated/graphql.ts';
import { Sentences } from '../../split/sentences.tsx';
import { SubsetMark } from '../../split/subset-mark.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { countUnits, type UnitWords } from '../../unit/unit-words.ts';

type Preview = PreviewSplitImportQuery['previewSplitImport'];

export function ImportPreview({ preview, unit }: { preview: Preview; unit: UnitWords }) {
  const { list, splits, isClean } = preview;
  const reasons = [...new Set(splits.flatMap(({ audit }) => audit.reasons))];
  const [first] = splits;
  const title = isClean ? 'Clean: nothing was found on two sides' : 'Leaking: kept as an unsafe split';
  return (
    <div className="flex flex-col gap-4">
      <Notice tone={isClean ? 'info' : 'danger'} title={title}>
        <Sentences sentences={[...list.layouts, ...list.sentences, ...reasons]} />
      </Notice>
      {first && (
        <div className="rounded-md border border-line">
          <PlainTable
            caption={splits.length > 1 ? 'Sides of the first fold' : 'Sides of the split'}
            rows={first.subsets}
            rowKey={({ subset }) => subset}
            columns={[
              { header: 'Side', cell: ({ subset }) => <SubsetMark subset={subset} /> },
              {
                header: unit.heading,
                align: 'right',
                cell: ({ patients }) => countUnits(unit, patients),
              },
              { header: 'Patches', align: 'right', cell: ({ patches }) => formatCount(patches) },
            ]}
          />
        </div>
      )}
      {splits.length > 1 && (
        <p className="text-sm text-muted-foreground">
          {formatCount(splits.length)} splits, one a fold; the table shows the first.
        </p>
      )}
      {list.crossingCount > 0 && (
        <PlainTable
          boxClassName="max-h-56 rounded-md border border-line"
          caption={`${unit.heading} on several sides`}
          rows={list.crossing}
          rowKey={({ key }) => key}
          columns={[
            {
              header: `${formatCount(list.crossingCount)} on several sides`,
              cell: ({ key }) => <span className="font-mono text-xs">{key}</span>,
            },
            {
              header: 'Patches by side',
              cell: ({ sides }) =>
                sides.map(({ side, patches }) => `${side} ${formatCount(patches)}`).join(', '),
            },
          ]}
        />
      )}
    </div>
  );
}

/** The section of a comparison's report on what neighbours say: AUC in context of each pair, on the patches that have one in both. */
import { formatCount, formatFigure, formatInterval, formatP, formatSigned } from '../report/format-figure.ts';
import type { ReportBlock, ReportCell } from '../report/report-document.ts';
import type { ComparisonEvidence } from './gather-comparison-evidence.ts';

type Pair = ComparisonEvidence['contextPairs'][number];

export function describeContextPairs({ contextPairs }: ComparisonEvidence): ReportBlock[] {
  const told = contextPairs.filter(({ silence }) => silence === null);
  const silences = [...new Set(contextPairs.flatMap(({ silence }) => silence ?? []))];
  const cautions = [...new Set(told.flatMap(({ caution }) => caution ?? []))];
  return [
    { kind: 'heading', text: 'With neighbours' },
    ...(told.length > 0 ? tabulate(told) : []),
    ...(cautions.length > 0 ? [{ kind: 'list', items: cautions } as const] : []),
    ...(told.length === 0 ? [{ kind: 'list', items: silences } as const] : []),
  ];
}

function tabulate(pairs: readonly Pair[]): ReportBlock[] {
  const right = (header: string) => ({ header, align: 'right' }) as const;
  return [
    {
      kind: 'paragraph',
      text: 'Each patch of TEST is read together with those around it on the same slide, as its run’s VALIDATION chose. Only patches that have a context in both runs of a pair are counted.',
    },
    {
      kind: 'table',
      columns: [
        { header: 'a minus b', width: 'grow' },
        ...['Patches', 'AUC of a in context', 'of b', 'Difference', '95 % interval', 'p'].map(right),
        { header: 'Reading' },
      ],
      rows: pairs.map(describeRow),
    },
  ];
}

function describeRow({ a, b, patches, metrics }: Pair): ReportCell[] {
  const auc = metrics.find(({ metric }) => metric === 'auc');
  return [
    `${a.name} minus ${b.name}`,
    formatCount(patches),
    formatFigure(auc?.a ?? null),
    formatFigure(auc?.b ?? null),
    { text: formatSigned(auc?.difference ?? null), bold: true },
    formatInterval(auc?.interval ?? null),
    formatP(auc?.pValue ?? null),
    auc?.verdict.text ?? 'undefined',
  ];
}

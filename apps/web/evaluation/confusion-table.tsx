/** The confusion matrix: labels in rows, calls in columns, shares of the row as shading. */
import { formatCount, formatMetric, formatShare } from '../format/format-number.ts';
import type { EvaluationFiguresFragment } from '../graphql/generated/graphql.ts';
import { Badge } from '../ui/badge.tsx';
import { Card } from '../ui/card.tsx';

type ConfusionTableProps = {
  confusion: EvaluationFiguresFragment['confusion'];
  positiveClass: string;
  negativeClass: string;
  subset: string;
  /** A threshold that is tried out, in place of the frozen one. */
  exploredThreshold?: number | null;
};

export function ConfusionTable({
  confusion,
  positiveClass,
  negativeClass,
  subset,
  exploredThreshold,
}: ConfusionTableProps) {
  const { tp, fp, tn, fn } = confusion;
  return (
    <Card
      title="Confusion matrix"
      note={`Patches of ${subset}; positive is ${positiveClass}.`}
      actions={
        typeof exploredThreshold === 'number' && (
          <Badge tone="caution">exploratory, at {formatMetric(exploredThreshold)}</Badge>
        )
      }
    >
      <table className="w-full table-fixed border-separate border-spacing-1 text-center text-sm">
        <caption className="sr-only">Confusion matrix on {subset}</caption>
        <thead className="text-xs text-muted-foreground">
          <tr>
            <td />
            <th scope="col" className="font-medium">
              called {positiveClass}
            </th>
            <th scope="col" className="font-medium">
              called {negativeClass}
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <RowHead>is {positiveClass}</RowHead>
            <Cell count={tp} of={tp + fn} name="true positives" good />
            <Cell count={fn} of={tp + fn} name="false negatives" />
          </tr>
          <tr>
            <RowHead>is {negativeClass}</RowHead>
            <Cell count={fp} of={fp + tn} name="false positives" />
            <Cell count={tn} of={fp + tn} name="true negatives" good />
          </tr>
        </tbody>
      </table>
    </Card>
  );
}

function RowHead({ children }: { children: React.ReactNode }) {
  return (
    <th scope="row" className="pr-2 text-right text-xs font-medium text-muted-foreground">
      {children}
    </th>
  );
}

function Cell({
  count,
  of,
  name,
  good = false,
}: {
  count: number;
  of: number;
  name: string;
  good?: boolean;
}) {
  const share = of > 0 ? count / of : 0;
  const color = good ? 'var(--accent)' : 'var(--caution)';
  return (
    <td
      title={name}
      className="rounded-md py-4.5"
      style={{
        backgroundColor: `color-mix(in oklab, ${color} ${Math.round(share * 55)}%, var(--surface-muted))`,
      }}
    >
      <span className="block text-lg font-semibold">{formatCount(count)}</span>
      <span className="text-xs">{formatShare(of > 0 ? share : null)}</span>
    </td>
  );
}

/** How many patches both, one or neither of two runs got right, each at its own threshold. */
import { formatCount, formatShare } from '../../../format/format-number.ts';
import type { Pair } from '../comparison-types.ts';

type AgreementTableProps = { pair: Pair; agreement: NonNullable<Pair['tests']>['agreement'] };

export function AgreementTable({ pair, agreement }: AgreementTableProps) {
  const { bothRight, onlyA, onlyB, bothWrong } = agreement;
  const total = bothRight + onlyA + onlyB + bothWrong;
  return (
    <section aria-label="Agreement" className="min-w-0 border-line p-4 max-xl:border-t xl:border-l">
      <h3 className="mb-2 text-sm font-semibold">
        Agreement <span className="font-normal text-muted-foreground">in patches</span>
      </h3>
      <table className="w-full table-fixed border-separate border-spacing-1 text-center text-sm">
        <caption className="sr-only">
          Agreement of {pair.a.name} and {pair.b.name}
        </caption>
        <thead className="text-xs text-muted-foreground">
          <tr>
            <td />
            <Head>{pair.b.name} right</Head>
            <Head>{pair.b.name} wrong</Head>
          </tr>
        </thead>
        <tbody>
          <tr>
            <RowHead>{pair.a.name} right</RowHead>
            <Cell count={bothRight} total={total} />
            <Cell count={onlyA} total={total} differs />
          </tr>
          <tr>
            <RowHead>{pair.a.name} wrong</RowHead>
            <Cell count={onlyB} total={total} differs />
            <Cell count={bothWrong} total={total} />
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Head({ children }: { children: React.ReactNode }) {
  return (
    <th scope="col" className="truncate font-medium">
      {children}
    </th>
  );
}

function RowHead({ children }: { children: React.ReactNode }) {
  return (
    <th scope="row" className="truncate pr-2 text-right text-xs font-medium text-muted-foreground">
      {children}
    </th>
  );
}

function Cell({ count, total, differs = false }: { count: number; total: number; differs?: boolean }) {
  return (
    <td className={differs ? 'rounded-md bg-accent-soft py-3' : 'rounded-md bg-surface-muted py-3'}>
      <span className="block font-semibold">{formatCount(count)}</span>
      <span className="text-xs">{formatShare(total > 0 ? count / total : null)}</span>
    </td>
  );
}

/** The tests of one pair by unit and, below them, the same tests as if patches were independent. */
import { formatInterval, formatPValue, formatSigned } from '../../../format/format-number.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import type { UnitWords } from '../../../unit/unit-words.ts';
import type { Pair } from '../comparison-types.ts';
import { listTests, type TestRow } from './list-tests.ts';

type PairTestsProps = { pair: Pair; tests: NonNullable<Pair['tests']>; unit: UnitWords };

export function PairTests({ pair, tests, unit }: PairTestsProps) {
  return (
    <section aria-label={`Tests ${unit.by}`} className="min-w-0">
      <h3 className="px-4 pt-3 pb-1 text-sm font-semibold">Tests {unit.by}</h3>
      <PlainTable
        caption={`Tests of ${pair.a.name} and ${pair.b.name}`}
        rows={listTests(tests, { catalogue: useMetricCatalogue(), unit })}
        rowKey={(row) => row.test}
        rowProps={(row) =>
          row.isWrong ? { className: 'border-b border-line bg-caution-soft/60 last:border-0' } : {}
        }
        columns={[
          { header: 'Question', className: 'min-w-52', cell: (row) => <Question row={row} /> },
          { header: 'Difference', align: 'right', cell: (row) => formatSigned(row.difference) },
          {
            header: '95 % interval',
            align: 'right',
            className: 'whitespace-nowrap',
            cell: (row) => <Struck row={row}>{formatInterval(row.interval)}</Struck>,
          },
          {
            header: 'p',
            align: 'right',
            className: 'whitespace-nowrap',
            cell: (row) => <Struck row={row}>{formatPValue(row.pValue)}</Struck>,
          },
        ]}
      />
    </section>
  );
}

function Question({ row }: { row: TestRow }) {
  return (
    <span className="flex flex-col">
      <span>{row.question}</span>
      <span className={row.isWrong ? 'text-xs text-caution' : 'text-xs text-muted-foreground'}>
        {row.test}
      </span>
    </span>
  );
}

function Struck({ row, children }: { row: TestRow; children: React.ReactNode }) {
  return row.isWrong ? <s className="text-muted-foreground">{children}</s> : <b>{children}</b>;
}

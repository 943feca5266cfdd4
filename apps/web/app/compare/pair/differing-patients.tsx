'use client';
/** The patients, or what the dataset is split by, on which two runs differ most, each with a link to its slide under both heatmaps. */
import { useState } from 'react';
import { linkToViewer } from '../../../address/page-addresses.ts';
import { TextLink } from '../../../components/text-link.tsx';
import { formatCount, formatMetric, formatSigned } from '../../../format/format-number.ts';
import { Button } from '../../../ui/button.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { countUnits, hasUnits, type UnitWords } from '../../../unit/unit-words.ts';
import type { Pair } from '../comparison-types.ts';

type DifferingPatient = Pair['differing'][number];

const SHOWN_FIRST = 8;

export function DifferingPatients({ pair, unit }: { pair: Pair; unit: UnitWords }) {
  const [showsAll, setShowsAll] = useState(false);
  const { a, b, differing } = pair;
  if (differing.length === 0 || !hasUnits(unit)) return null;
  return (
    <section aria-label={`${unit.heading} where they differ most`} className="border-t border-line">
      <h3 className="px-4 pt-3 pb-1 text-sm font-semibold">{unit.heading} where they differ most</h3>
      <PlainTable
        caption={`${unit.heading} where ${a.name} and ${b.name} differ most`}
        rows={showsAll ? differing : differing.slice(0, SHOWN_FIRST)}
        rowKey={(row) => row.patientKey}
        columns={[
          { header: unit.title, cell: (row) => row.patientKey },
          { header: 'Patches', align: 'right', cell: (row) => formatCount(row.patches) },
          { header: `Accuracy, ${a.name}`, align: 'right', cell: (row) => formatMetric(row.accuracyA) },
          { header: `Accuracy, ${b.name}`, align: 'right', cell: (row) => formatMetric(row.accuracyB) },
          {
            header: 'Difference',
            align: 'right',
            cell: (row) => <b>{formatSigned(row.accuracyA - row.accuracyB)}</b>,
          },
          { header: `Only ${a.name} right`, align: 'right', cell: (row) => formatCount(row.onlyA) },
          { header: `Only ${b.name} right`, align: 'right', cell: (row) => formatCount(row.onlyB) },
          { header: 'Slide', cell: (row) => <SlideLinks pair={pair} patient={row} /> },
        ]}
      />
      {differing.length > SHOWN_FIRST && (
        <div className="border-t border-line px-4 py-2">
          <Button look="ghost" size="sm" onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? 'Show fewer' : `Show all ${countUnits(unit, differing.length)}`}
          </Button>
        </div>
      )}
    </section>
  );
}

function SlideLinks({ pair, patient }: { pair: Pair; patient: DifferingPatient }) {
  return (
    <span className="flex flex-wrap gap-x-3">
      {patient.slides.map(({ id }, index) => (
        <TextLink key={id} href={linkToViewer({ run: pair.a.id, other: pair.b.id, slide: id })}>
          both heatmaps{patient.slides.length > 1 ? ` ${index + 1}` : ''}
        </TextLink>
      ))}
    </span>
  );
}

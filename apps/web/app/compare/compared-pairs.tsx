'use client';
/** A card for each pair that was tested, and why the others were not; which runs are paired is chosen above them. */
import { QueryFrame } from '../../components/query-frame.tsx';
import { Card } from '../../ui/card.tsx';
import { LabeledCheckbox, Select } from '../../ui/field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { nameIndependent, type UnitWords } from '../../unit/unit-words.ts';
import type { ComparisonRequest } from './comparison-request.ts';
import type { Comparison, Pair } from './comparison-types.ts';
import { groupRefusals } from './group-refusals.ts';
import { PairCard } from './pair/pair-card.tsx';
import type { ComparedPairsState } from './use-compared-pairs.ts';

type ComparedPairsProps = {
  query: ComparedPairsState;
  runs: Comparison['runs'];
  request: ComparisonRequest;
  positiveClass: string;
  unit: UnitWords;
  onChange: (next: Partial<ComparisonRequest>) => void;
};

export function ComparedPairs({ query, runs, request, positiveClass, unit, onChange }: ComparedPairsProps) {
  return (
    <QueryFrame {...query} skeleton={<Skeleton className="h-72" />}>
      {({ pairs, pairing, reference }) => {
        const tested = pairs.filter(({ tests }) => tests);
        return (
          <>
            <PairingCard
              runs={runs}
              request={request}
              unit={unit}
              onChange={onChange}
              pairing={pairing}
              pairs={pairs}
              referenceId={reference?.id ?? null}
            />
            {tested.map((pair) => (
              <PairCard
                key={`${pair.a.id} ${pair.b.id}`}
                pair={pair}
                positiveClass={positiveClass}
                unit={unit}
                testedPairs={tested.length}
              />
            ))}
          </>
        );
      }}
    </QueryFrame>
  );
}

type PairingCardProps = Omit<ComparedPairsProps, 'positiveClass' | 'query'> & {
  pairing: string;
  pairs: readonly Pair[];
  referenceId: string | null;
};

function PairingCard({ runs, request, unit, onChange, pairing, pairs, referenceId }: PairingCardProps) {
  const canShare = pairs.some(({ patients, patientsB, sharedPatients }) => {
    return sharedPatients > 1 && sharedPatients < Math.max(patients, patientsB);
  });
  const refusals = groupRefusals(pairs);
  return (
    <Card
      title={`Tested on TEST, ${unit.by}`}
      note={pairing}
      actions={
        <>
          {runs.length > 2 && (
            <Select
              aria-label="Reference"
              className="h-7 w-56 text-xs"
              value={request.referenceId ?? ''}
              onChange={(event) => onChange({ referenceId: event.target.value || null })}
            >
              <option value="">{referenceId === null ? 'every pair' : 'the best on VALIDATION'}</option>
              {runs.map(({ id, name }) => (
                <option key={id} value={id}>{`against ${name}`}</option>
              ))}
            </Select>
          )}
          {(canShare || request.sharedPatientsOnly) && (
            <LabeledCheckbox
              label={`only ${nameIndependent(unit)} that both have`}
              className="text-xs"
              checked={request.sharedPatientsOnly}
              onChange={(event) => onChange({ sharedPatientsOnly: event.target.checked })}
            />
          )}
        </>
      }
    >
      {refusals.length === 0 ? (
        <p className="text-sm text-muted-foreground">
          {pairs.length === 1 ? 'The pair is' : `All ${pairs.length} pairs are`} tested below.
        </p>
      ) : (
        <ul className="flex flex-col gap-1.5 text-sm">
          {refusals.map(({ reason, names }) => (
            <li key={reason}>
              <span className="text-muted-foreground">Not tested: {reason}</span>
              {names.length > 1 && (
                <span className="text-xs text-muted-foreground"> ({names.length} pairs)</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

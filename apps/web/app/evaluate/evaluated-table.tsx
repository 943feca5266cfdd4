'use client';
/** What a table tells of its models: the verdict first, then intervals side by side, figures, pairs, and the hardest patients. */
import { formatCount } from '../../format/format-number.ts';
import type { EvaluatedTableFragment } from '../../graphql/generated/graphql.ts';
import { Sentences } from '../../split/sentences.tsx';
import { Notice } from '../../ui/notice.tsx';
import { hasUnits } from '../../unit/unit-words.ts';
import { IntervalPlot } from './interval-plot.tsx';
import { ModelFigures } from './model-figures.tsx';
import { ModelPatients } from './model-patients.tsx';
import { TablePairCard } from './table-pair-card.tsx';

export function EvaluatedTable({ evaluation }: { evaluation: EvaluatedTableFragment }) {
  const { sides, pairs, pairing, positiveName, negativeName, unit, notes, layout, rows, draws } = evaluation;
  const shown = { positiveName, unit, draws };
  const compared = sides.find(({ side }) => side === evaluation.comparedSide);
  const [first] = pairs;
  return (
    <>
      <Notice {...(first && pairs.length === 1 ? { title: first.sentence } : {})}>
        <Sentences
          sentences={[
            ...(pairs.length > 1 ? pairs.map(({ sentence }) => sentence) : []),
            `${formatCount(rows)} rows; ${layout}.`,
            `Positive: ${positiveName}; negative: ${negativeName}.`,
            ...notes,
          ]}
        />
      </Notice>
      {compared && <IntervalPlot side={compared} {...shown} />}
      {sides.toReversed().map((side) => (
        <ModelFigures key={side.side} side={side} {...shown} />
      ))}
      {pairing && pairs.length > 1 && <p className="text-sm text-muted-foreground">{pairing}</p>}
      {pairs.map((pair) => (
        <TablePairCard key={`${pair.a} ${pair.b}`} pair={pair} testedPairs={pairs.length} {...shown} />
      ))}
      {compared && hasUnits(unit) && <ModelPatients side={compared} unit={unit} />}
    </>
  );
}

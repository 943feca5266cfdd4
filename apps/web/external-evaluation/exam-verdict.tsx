/** What the API says of an exam before it is asked for: why it is refused, or on how many it would be. */
import { describeError } from '../api/error-sentence.ts';
import { formatCount, formatMetric } from '../format/format-number.ts';
import type { CheckExamQuery } from '../graphql/generated/graphql.ts';
import { Notice } from '../ui/notice.tsx';
import { countUnits, type UnitWords } from '../unit/unit-words.ts';

type ExamVerdictProps = {
  check: CheckExamQuery['checkExam'] | undefined;
  error: unknown;
  unit: UnitWords;
};

export function ExamVerdict({ check, error, unit }: ExamVerdictProps) {
  if (error) return <Notice tone="danger">{describeError(error)}</Notice>;
  if (!check) {
    return (
      <p role="status" className="text-sm text-muted-foreground">
        Looking whether the model knows any of them…
      </p>
    );
  }
  if (check.refusal) {
    return (
      <Notice tone="danger" title="These data cannot test it">
        {check.refusal}
      </Notice>
    );
  }
  return (
    <Notice title="The model knows none of them">
      {countUnits(unit, check.patients)}, {formatCount(check.patches)} patches, none of them in its TRAIN or
      VALIDATION. Its threshold of {formatMetric(check.threshold)} travels unchanged.
    </Notice>
  );
}

'use client';
/** The evaluations of a run: on other patients, on VALIDATION, and on TEST where it is open. */
import { EmptyState } from '../../../components/empty-state.tsx';
import { EvaluationSection } from '../../../evaluation/evaluation-section.tsx';
import { ExamineDialog } from '../../../external-evaluation/examine-dialog.tsx';
import { ExternalEvaluationsOfRun } from '../../../external-evaluation/external-evaluations-card.tsx';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import type { OnSplit } from '../../../run/run-on-split.ts';
import { UnsafeMark } from '../../../split/unsafe-mark.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { hasUnits, type UnitWords } from '../../../unit/unit-words.ts';

export function EvaluationPanel({ run }: { run: OnSplit<RunPageFragment> }) {
  const validation = run.evaluations.find(({ subset }) => subset === 'VALIDATION');
  const test = run.evaluations.find(({ subset }) => subset === 'TEST');
  if (!validation && !test) {
    return (
      <EmptyState title="Not evaluated yet">
        A run is evaluated once its training has succeeded: a threshold from VALIDATION, then metrics with
        intervals {run.dataset.unit.by}.
      </EmptyState>
    );
  }
  const { positiveName: positiveClass, negativeName: negativeClass } = run.task;
  const { unit } = run.dataset;
  return (
    <div className="flex flex-col gap-6">
      {unit.warning && (
        <Notice tone="caution">
          {unit.warning} {hasUnits(unit) && unit.intervalWarning}
        </Notice>
      )}
      {run.unsafe && <InflatedNotice unit={unit} />}
      {run.learning?.state === 'NOT_LEARNED' && (
        <Notice tone="caution" title={run.learning.title}>
          {run.learning.reason} Its threshold and its calls mean nothing: try another learning rate.
        </Notice>
      )}
      {run.status === 'SUCCEEDED' && (
        <ExternalEvaluationsOfRun
          runId={run.id}
          actions={run.origin === 'WORKER' && <ExamineDialog run={run} size="sm" />}
        />
      )}
      {validation && (
        <EvaluationSection
          runId={run.id}
          evaluation={validation}
          positiveClass={positiveClass}
          negativeClass={negativeClass}
          unit={unit}
          unsafe={run.unsafe}
        />
      )}
      {test && (
        <EvaluationSection
          runId={run.id}
          evaluation={test}
          positiveClass={positiveClass}
          negativeClass={negativeClass}
          unit={unit}
          unsafe={run.unsafe}
        />
      )}
    </div>
  );
}

function InflatedNotice({ unit }: { unit: UnitWords }) {
  return (
    <Notice tone="danger" title="These figures are inflated">
      <p className="mb-1.5">
        {hasUnits(unit)
          ? `Patches of the same ${unit.many}, or copies of these patches, were seen in training.`
          : 'Neighbours or copies of these patches may have been seen in training.'}{' '}
        Do not report these figures.
      </p>
      <UnsafeMark />
    </Notice>
  );
}

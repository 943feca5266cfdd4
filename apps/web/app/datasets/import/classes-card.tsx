'use client';
/** The classes that are told, and which of them the first task looks for. */
import { formatCount } from '../../../format/format-number.ts';
import { Card } from '../../../ui/card.tsx';
import { LabeledCheckbox } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import type { StepProps } from './step-props.ts';

export function ClassesCard({ draft, onChange, preview, errors }: StepProps) {
  const counts = preview?.counts;
  const classes = counts?.classes ?? [];
  const chosen = draft.positive.length > 0 ? draft.positive : (counts?.positive ?? []);
  const toggle = (name: string, isPositive: boolean) => {
    const positive = isPositive ? [...chosen, name] : chosen.filter((one) => one !== name);
    onChange({ ...draft, positive });
  };
  const hasTask = !draft.unlabelled && classes.length > 1;
  return (
    <Card title="Classes" note={describeTask(draft.unlabelled, counts?.taskName)}>
      <div className="flex flex-col gap-3">
        {hasTask && (
          <fieldset className="min-w-0" aria-describedby={errors.positive ? 'positive-error' : undefined}>
            <legend className="mb-2 text-xs font-medium">Positive: what the first task looks for</legend>
            <div className="grid grid-cols-1 gap-x-6 gap-y-1.5 sm:grid-cols-2">
              {classes.map(({ name, patches }) => (
                <LabeledCheckbox
                  key={name}
                  checked={chosen.includes(name)}
                  onChange={(event) => toggle(name, event.target.checked)}
                  label={
                    <>
                      {name} <span className="text-muted-foreground">({formatCount(patches)})</span>
                    </>
                  }
                />
              ))}
            </div>
          </fieldset>
        )}
        {errors.positive && (
          <p id="positive-error" role="alert" className="text-xs text-danger">
            {errors.positive}
          </p>
        )}
        {!draft.unlabelled && counts && counts.withoutClass > 0 && (
          <Notice tone="caution">
            {formatCount(counts.withoutClass)} of {formatCount(counts.patches)} patches have no class, and
            will be refused.
          </Notice>
        )}
        <LabeledCheckbox
          checked={draft.unlabelled}
          onChange={(event) => onChange({ ...draft, unlabelled: event.target.checked, positive: [] })}
          label="Import without classes, for heatmaps and predictions alone"
        />
      </div>
    </Card>
  );
}

function describeTask(isUnlabelled: boolean, taskName: string | null | undefined): string {
  if (isUnlabelled) return 'Nothing can be trained on this dataset.';
  return taskName
    ? `The first task: ${taskName}. More can be added later.`
    : 'No task: patches are of one class.';
}

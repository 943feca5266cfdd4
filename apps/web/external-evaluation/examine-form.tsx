'use client';
/** The form of an exam. What speaks against it is said with each choice, before anything is queued. */
import { OwnNameField } from '../access/own-name-field.tsx';
import { SubmitRow } from '../form/submit-row.tsx';
import { Field, LabeledCheckbox, Select } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { countUnits } from '../unit/unit-words.ts';
import { NO_TASK } from './choose-task.ts';
import { ExamVerdict } from './exam-verdict.tsx';
import { type ExamCheck, type ExamDataset, useExamForm } from './use-exam-form.ts';

export function ExamineForm({ runId }: { runId: string }) {
  const { form, datasets, dataset, sites, checking, check, task, doubt, isAskable, submit, busy } =
    useExamForm(runId);
  const chooseTask = (next: string) => {
    form.setValue('taskId', next);
    form.setValue('confirmed', false);
  };
  const forget = () => {
    form.setValue('sites', []);
    chooseTask('');
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Put to the test">
      <Field label="Dataset">
        <Select {...form.register('datasetId', { onChange: forget })}>
          <option value="">Choose a dataset</option>
          {datasets.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({countUnits(one.unit, one.patientCount)})
            </option>
          ))}
        </Select>
      </Field>
      {dataset && dataset.sites.length > 0 && (
        <SiteChoice dataset={dataset} chosen={sites} onChange={(next) => form.setValue('sites', next)} />
      )}
      {dataset && <ExamVerdict check={check} error={checking.error} unit={dataset.unit} />}
      {check && !check.refusal && (
        <>
          {check.tasks.length > 0 && <TaskChoice check={check} chosen={task} onChange={chooseTask} />}
          {doubt && (
            <Notice tone="caution" title="Does positive mean the same in both?">
              <p>{doubt}</p>
              <LabeledCheckbox className="mt-2" label="It means the same" {...form.register('confirmed')} />
            </Notice>
          )}
          {task === NO_TASK && (
            <Notice title="Heatmaps and CSV only">
              {check.tasks.length > 0
                ? 'Without a task the patches have no labels: the model predicts them, and there are no figures.'
                : 'These patches have no labels: the model predicts them, and there are no figures.'}
            </Notice>
          )}
          <OwnNameField
            hint="Recorded with the result."
            registered={form.register('who')}
            fill={(name) => form.setValue('who', name)}
          />
        </>
      )}
      <SubmitRow disabled={busy || !isAskable}>
        {isKnown(check, task) ? 'Open the one that is there' : 'Put it to the test'}
      </SubmitRow>
    </form>
  );
}

type SiteChoiceProps = { dataset: ExamDataset; chosen: string[]; onChange: (sites: string[]) => void };

function SiteChoice({ dataset: { sites, unit }, chosen, onChange }: SiteChoiceProps) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-xs font-medium">Sites</legend>
      <div className="flex max-h-40 flex-wrap gap-x-4 gap-y-1.5 overflow-y-auto">
        {sites.map(({ site, patients }) => (
          <LabeledCheckbox
            key={site}
            label={
              <>
                {site} <span className="text-muted-foreground">({patients})</span>
              </>
            }
            checked={chosen.includes(site)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, site].sort() : chosen.filter((one) => one !== site))
            }
          />
        ))}
      </div>
      <p className="text-xs text-muted-foreground">
        None chosen: the whole dataset. In brackets the {unit.many} of each.
      </p>
    </fieldset>
  );
}

type TaskChoiceProps = { check: ExamCheck; chosen: string; onChange: (taskId: string) => void };

function TaskChoice({ check: { tasks }, chosen, onChange }: TaskChoiceProps) {
  const refused = tasks.flatMap(({ refusal }) => refusal ?? []);
  return (
    <div className="flex flex-col gap-1.5">
      <Field label="Task" hint="Its sides have to match those of the model.">
        <Select value={chosen} onChange={({ target }) => onChange(target.value)}>
          {tasks.map(({ task, refusal }) => (
            <option key={task.id} value={task.id} disabled={refusal !== null}>
              {task.name}
              {refusal !== null && ' (does not match)'}
            </option>
          ))}
          <option value={NO_TASK}>No labels: heatmaps and CSV only</option>
        </Select>
      </Field>
      {refused.map((sentence) => (
        <p key={sentence} className="text-xs text-muted-foreground">
          {sentence}
        </p>
      ))}
    </div>
  );
}

function isKnown(check: ExamCheck | undefined, chosen: string): boolean {
  const found = check?.evaluations.find(({ task }) => (task?.id ?? NO_TASK) === chosen);
  return found !== undefined && found.status !== 'FAILED' && found.status !== 'CANCELED';
}

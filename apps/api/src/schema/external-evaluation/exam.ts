/** What a model may be put to the test on, and asking for it. */
import { AppError } from '@microtome/domain/app-error';
import { type CheckedExam, checkExam } from '@microtome/store/external-evaluation/check-exam';
import { cancelExternalEvaluation } from '@microtome/store/external-evaluation/external-evaluation-lease';
import { listEvaluationsOfExam } from '@microtome/store/external-evaluation/external-evaluations';
import { requestExternalEvaluation } from '@microtome/store/external-evaluation/request-external-evaluation';
import type { Store } from '@microtome/store/store';
import { readAccountId } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { TaskRef } from '../task/task.ts';
import { ExternalEvaluationRef } from './external-evaluation.ts';

const ExamTaskRef = builder.objectRef<CheckedExam['tasks'][number]>('ExamTask').implement({
  description: 'A task of a dataset, and whether a model can be examined by it.',
  fields: (t) => ({
    task: t.field({ type: TaskRef, description: 'The task.', resolve: ({ task }) => task }),
    refusal: t.string({
      nullable: true,
      description: 'Why it does not fit, as a sentence; null where it does.',
      resolve: ({ refusal }) => refusal?.message ?? null,
    }),
    doubt: t.exposeString('doubt', {
      nullable: true,
      description:
        'What has to be confirmed with `confirmSides`, as a sentence that names the classes of both datasets; null where their names tell that both sides mean the same.',
    }),
  }),
});

const ExamCheckRef = builder.objectRef<CheckedExam>('ExamCheck').implement({
  description: 'What speaks against an exam, before it is asked for.',
  fields: (t) => ({
    refusal: t.string({
      nullable: true,
      description: 'Why the model may not be examined on these patients, as a sentence; null where it may.',
      resolve: ({ refusal }) => refusal?.message ?? null,
    }),
    patients: t.int({
      description: 'Patients of the exam, or what the unit of the dataset is; 0 where it has none.',
      resolve: ({ dataset, patients }) => (dataset.unit === 'NONE' ? 0 : patients),
    }),
    patches: t.exposeInt('patches', { description: 'Full-size patches of the exam.' }),
    threshold: t.exposeFloat('threshold', {
      nullable: true,
      description: 'The threshold that the model brings along; null before its run has succeeded.',
    }),
    tasks: t.field({
      type: [ExamTaskRef],
      description: 'The tasks of the dataset, in its order.',
      resolve: ({ tasks }) => tasks,
    }),
    evaluations: t.field({
      type: [ExternalEvaluationRef],
      description: 'Those of the model on the same exam that are there already, newest first.',
      resolve: ({ run, dataset, sites }, _args, { store }) =>
        listEvaluationsOfExam(store, { runId: run.id, datasetId: dataset.id, sites }),
    }),
  }),
});

const ExamInput = builder.inputType('ExamInput', {
  description: 'A model and whom it would be examined on. Give a run or a version of a model.',
  fields: (t) => ({
    runId: t.id({ description: 'The run; or give `versionId`.' }),
    versionId: t.id({ description: 'The model version; or give `runId`.' }),
    datasetId: t.id({ required: true, description: 'The dataset that would be the exam.' }),
    sites: t.stringList({
      extensions: typed('siteName'),
      description: 'Sites of it, by name; all of it when left out or empty.',
    }),
  }),
});

builder.queryField('checkExam', (t) =>
  t.field({
    type: ExamCheckRef,
    description: 'Whether a model may be put to the test on a dataset, and by which of its tasks.',
    args: { input: t.arg({ type: ExamInput, required: true, description: 'Model and exam.' }) },
    resolve: async (_root, { input }, { store }) =>
      checkExam(store, {
        runId: await findRunId(store, input),
        datasetId: parseRecordId(input.datasetId, 'dataset'),
        sites: input.sites ?? [],
      }),
  }),
);

const EvaluateModelInput = builder.inputType('EvaluateModelInput', {
  description: 'A model and its exam. Give a run that succeeded or a version of a model.',
  fields: (t) => ({
    runId: t.id({ description: 'The run; or give `versionId`.' }),
    versionId: t.id({ description: 'The model version; or give `runId`.' }),
    datasetId: t.id({ required: true, description: 'The dataset that is the exam.' }),
    sites: t.stringList({
      extensions: typed('siteName'),
      description: 'Sites of that dataset, by name; the whole dataset when left out or empty.',
    }),
    taskId: t.id({
      description:
        'A task of that dataset with the same sides: the same class names, or the same name of the positive side. Without one there are predictions alone.',
    }),
    confirmSides: t.boolean({
      description:
        'Says that the sides mean the same in both datasets. Asked for where the names of the classes do not tell (`0`, `1`, `positive`).',
    }),
    requestedBy: t.string({ extensions: typed('personName'), description: 'Who; "unknown" when left out.' }),
  }),
});

builder.mutationField('evaluateModel', (t) =>
  t.field({
    type: ExternalEvaluationRef,
    description:
      'Puts a model to the test on another dataset; a worker does it. Refused where the model was trained or tuned on patients or pixels of it. Asked for again, gives the one that is there.',
    args: { input: t.arg({ type: EvaluateModelInput, required: true, description: 'Model and exam.' }) },
    resolve: async (_root, { input }, { store, access }) =>
      requestExternalEvaluation(store, {
        createdBy: readAccountId(access),
        runId: await findRunId(store, input),
        datasetId: parseRecordId(input.datasetId, 'dataset'),
        sites: input.sites ?? [],
        taskId: input.taskId ? parseRecordId(input.taskId, 'task') : null,
        confirmSides: input.confirmSides ?? undefined,
        requestedBy: input.requestedBy ?? undefined,
      }),
  }),
);

builder.mutationField('cancelExternalEvaluation', (t) =>
  t.field({
    type: ExternalEvaluationRef,
    description:
      'Cancels an external evaluation: at once while queued, within seconds while a worker predicts. Refused once it has ended.',
    args: { id: t.arg.id({ required: true, description: 'Id of the external evaluation.' }) },
    resolve: (_root, { id }, { store }) =>
      cancelExternalEvaluation(store, parseRecordId(id, 'external evaluation')),
  }),
);

async function findRunId(
  store: Store,
  { runId, versionId }: { runId?: string | null; versionId?: string | null },
): Promise<string> {
  if (runId && !versionId) return parseRecordId(runId, 'run');
  if (!versionId || runId) throw new AppError('BAD_INPUT', 'Give either a run or a model version.');
  const id = parseRecordId(versionId, 'model version');
  const version = await store.database.prisma.modelVersion.findUnique({ where: { id } });
  if (!version) throw new AppError('NOT_FOUND', `There is no model version ${id}.`);
  return version.runId;
}

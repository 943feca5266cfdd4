'use client';
/** The state of the form of an exam: what is offered, what is chosen, what the API says of the choice, and asking. */
import { useMutation, useQuery } from '@apollo/client/react';
import { useRouter } from 'next/navigation';
import { useForm, useWatch } from 'react-hook-form';
import { useFormAction } from '../form/use-form-action.ts';
import { tellProjects } from '../format/tell-apart.ts';
import {
  CheckExamDocument,
  type CheckExamQuery,
  EvaluateModelDocument,
  ExamDatasetsDocument,
  type ExamDatasetsQuery,
} from '../graphql/generated/graphql.ts';
import { chooseTask, NO_TASK } from './choose-task.ts';

const DATASETS_OFFERED = 200;

type ExamFields = { datasetId: string; sites: string[]; taskId: string; confirmed: boolean; who: string };
export type ExamDataset = ExamDatasetsQuery['datasets']['edges'][number]['node'];
export type ExamCheck = CheckExamQuery['checkExam'];

export function useExamForm(runId: string) {
  const router = useRouter();
  const form = useForm<ExamFields>({
    defaultValues: { datasetId: '', sites: [], taskId: '', confirmed: false, who: '' },
  });
  const [datasetId, sites, taskId, confirmed] = useWatch({
    control: form.control,
    name: ['datasetId', 'sites', 'taskId', 'confirmed'],
  });
  const offered = useQuery(ExamDatasetsDocument, { variables: { first: DATASETS_OFFERED } });
  const datasets = tellProjects(
    (offered.data?.datasets.edges ?? []).map(({ node }) => node).filter(({ deletion }) => !deletion),
  );
  const checking = useQuery(CheckExamDocument, {
    variables: { input: { runId, datasetId, sites } },
    skip: !datasetId,
    // A dataset may be deleted and TEST opened at any time.
    fetchPolicy: 'network-only',
  });
  const check = checking.data?.checkExam;
  const task = check ? chooseTask(check, taskId) : NO_TASK;
  const doubt = check?.tasks.find((one) => one.task.id === task)?.doubt ?? null;
  const [evaluate] = useMutation(EvaluateModelDocument);
  const { run, busy } = useFormAction(form);
  const submit = form.handleSubmit(({ who }) =>
    run(async () => {
      const chosen = {
        runId,
        datasetId,
        sites,
        taskId: task === NO_TASK ? null : task,
        confirmSides: confirmed,
      };
      const { data } = await evaluate({
        variables: { input: { ...chosen, requestedBy: who.trim() || null } },
      });
      if (data) router.push(`/external-evaluations/${data.evaluateModel.id}`);
    }),
  );
  const dataset = datasets.find(({ id }) => id === datasetId);
  const isAskable = check !== undefined && check.refusal === null && (doubt === null || confirmed);
  return { form, datasets, dataset, sites, checking, check, task, doubt, isAskable, submit, busy };
}

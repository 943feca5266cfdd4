/**
 * What neighbours change as files: GET /runs/:runId/context.csv and .parquet, VALIDATION first and TEST once it is opened, and the
 * same of an external evaluation with labels. One row per metric.
 */
import { AppError } from '@microtome/domain/app-error';
import { NOTHING_TO_SAY } from '@microtome/domain/context/context-evaluation';
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import { requireSplit } from '@microtome/store/run/split-run';
import type { Router } from 'express';
import { readContext, readExamContext } from '../../evaluation/context-reading.ts';
import { type ContextOfSubset, tabulateContext } from '../../evaluation/context-table.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { type ExportTable, TABLE_FORMATS } from '../../report/export-table.ts';
import type { ApiServices } from '../../services.ts';
import { describeTables, type RouteDescription } from '../route-description.ts';
import { sendTable } from '../send-table.ts';

const ABOUT =
  'One row per metric of the patches with neighbours: by their own probability, in context, and the paired difference, all with intervals';

export const RUN_CONTEXT_ROUTES: readonly RouteDescription[] = describeTables(TABLE_FORMATS, {
  path: '/runs/:runId/context',
  about: `${ABOUT}; VALIDATION, and TEST once it is opened.`,
});

export const EXAM_CONTEXT_ROUTES: readonly RouteDescription[] = describeTables(TABLE_FORMATS, {
  path: '/external-evaluations/:id/context',
  about: `${ABOUT}, where the exam has labels.`,
});

export function addContextRoutes(router: Router, services: ApiServices): void {
  const { background } = services;
  for (const format of TABLE_FORMATS) {
    router.get(`/runs/:runId/context.${format}`, async (request, response) => {
      const { found, ...described } = await describeRun(services, request.params.runId);
      await sendTable({ background, table: requireRows(found), format, ...described, response });
    });

    router.get(`/external-evaluations/:id/context.${format}`, async (request, response) => {
      const { found, ...described } = await describeExam(services, request.params.id);
      await sendTable({ background, table: requireRows(found), format, ...described, response });
    });
  }
}

function requireRows(found: readonly ContextOfSubset[]): ExportTable {
  if (found.length === 0) throw new AppError('NOT_FOUND', NOTHING_TO_SAY);
  return tabulateContext(found);
}

async function describeRun(services: ApiServices, id: string) {
  const runId = parseRecordId(id, 'run');
  const stored = await services.store.database.prisma.run.findUnique({
    where: { id: runId },
    include: {
      experiment: { include: { task: true } },
      split: { include: { dataset: true } },
      evaluations: { orderBy: { subset: 'desc' } },
    },
  });
  if (!stored) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
  const run = requireSplit(stored);
  const found: ContextOfSubset[] = [];
  for (const evaluation of run.evaluations) {
    const context = await readContext(services, evaluation);
    if (context) found.push({ subset: evaluation.subset, context });
  }
  // As with the other tables of a run, an unsafe split is marked in the name of the file.
  const table = `${isUnsafeSplit(run.split) ? 'UNSAFE-' : ''}context`;
  return {
    found,
    name: { table, id: run.id },
    subject: { task: run.experiment.task, unit: run.split.dataset.unit },
  };
}

async function describeExam(services: ApiServices, requested: string) {
  const id = parseRecordId(requested, 'external evaluation');
  const exam = await services.store.database.prisma.externalEvaluation.findUnique({
    where: { id },
    include: { task: true, dataset: true },
  });
  if (!exam) throw new AppError('NOT_FOUND', `There is no external evaluation ${id}.`);
  const context = await readExamContext(services, exam);
  return {
    found: context ? [{ subset: 'EXTERNAL', context }] : [],
    name: { table: 'external-context', id },
    subject: { task: exam.task, unit: exam.dataset.unit },
  };
}

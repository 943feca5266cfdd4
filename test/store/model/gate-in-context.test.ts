/** A policy that asks for figures in context: every figure of the gate is then one, and a run without any is refused. */
import { measurePairInContext } from '@microtome/store/comparison/measure-pair';
import { measureContext } from '@microtome/store/evaluation/context-figures';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { judgeModelVersion, promoteModelVersion } from '@microtome/store/model/promotions';
import { beforeAll, expect, it } from 'vitest';
import { type FakeTraining, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const { store, bench } = await openSharedBench({ patients: 24, patchesPerPatient: 12 });
const STEP = { radius: 1, weight: 1, temperature: 1, threshold: 0.5 };
const POLICY = { requireColourBaseline: false, maximumEce: 1, minimumTestPatients: 0, judgeInContext: true };

let modelId: string;

beforeAll(async () => {
  modelId = (await createModel(store, { name: 'in-context', policy: POLICY })).id;
});

async function register(training: FakeTraining) {
  const run = await launchTestRun(store, bench);
  await finishTestRun(store, run, training);
  await openTest(store, { runId: run.id, reason: 'a finalist' });
  const version = await registerModelVersion(store, { modelId, runId: run.id });
  return { runId: run.id, versionId: version.id };
}

async function readRules(versionId: string) {
  const { rules, ...verdict } = await judgeModelVersion(store, { versionId });
  return { ...verdict, find: (name: string) => rules.find(({ rule }) => rule === name)! };
}

it('judges candidate and champion by what they say in context', async () => {
  const first = await register({ skill: 0.4, context: STEP });
  const measured = (await measureContext(store, { runId: first.runId, subset: 'TEST', threshold: 0.5 }))!;
  const { find } = await readRules(first.versionId);
  expect(find('judged-in-context')).toMatchObject({ passed: true, figure: 'READ' });
  const { auc } = measured.inContext.intervals;
  expect(find('better-than-majority-class').figure).toMatchObject({ auc });
  expect(auc).not.toEqual(measured.own.intervals.auc);
  expect(find('calibrated').figure).toBe(measured.inContext.metrics.ece);
  await promoteModelVersion(store, { versionId: first.versionId, reason: 'first', override: true });
  const second = await register({ skill: 0.3, seed: 5, context: { ...STEP, weight: 0.5 } });
  const pair = await measurePairInContext(store, { runIdA: second.runId, runIdB: first.runId });
  const gap = pair!.statistics.differences.find(({ metric }) => metric === 'auc')!;
  const rival = (await readRules(second.versionId)).find('not-worse-than-champion');
  expect(rival.figure).toMatchObject({ difference: gap.difference, interval: gap.interval });
  expect(rival.sentence).toContain('AUC in context differs by');
});

it('refuses a run that has nothing to say, as a rule of quality', async () => {
  const silent = await register({ skill: 0.9, seed: 7, context: null });
  const verdict = await readRules(silent.versionId);
  expect(verdict).toMatchObject({ allowed: false, canOverride: true });
  expect(verdict.find('judged-in-context')).toMatchObject({ passed: false, figure: 'SILENT' });
  expect(verdict.find('better-than-majority-class').sentence).not.toContain('in context');
});

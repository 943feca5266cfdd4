import { createSplit } from '@microtome/store/split/create-split';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishRun, launch } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const PROMOTE = `mutation ($input: PromoteModelVersionInput!) { promoteModelVersion(input: $input) {
  allowed reasons promotion { alias overridden reason verdict { allowed rules { rule kind passed sentence } } }
  model { champion { number } aliases { name version { number } } promotions { allowed } } } }`;

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

describe('models and promotions', () => {
  let modelId: string;

  const register = async (runId: string) => {
    const { registerModelVersion } = await api.ask<{ registerModelVersion: { id: string; number: number } }>(
      'mutation ($input: RegisterModelVersionInput!) { registerModelVersion(input: $input) { id number } }',
      { input: { modelId, runId } },
    );
    return registerModelVersion;
  };
  type Promoted = {
    promoteModelVersion: {
      allowed: boolean;
      reasons: string[];
      promotion: { verdict: { rules: { rule: string; kind: string; passed: boolean }[] } };
      model: { champion: { number: number } | null; promotions: object[] };
    };
  };
  const promote = (versionId: string, over: object = {}) =>
    api.ask<Promoted>(PROMOTE, { input: { versionId, reason: 'Best so far.', ...over } });

  beforeAll(async () => {
    const { createModel } = await api.ask<{ createModel: { id: string } }>(
      'mutation { createModel(input: { name: "idc-detector" }) { id } }',
    );
    modelId = createModel.id;
  });

  it('refuse a name that is taken, and a run that has not succeeded', async () => {
    expect(await api.fail('mutation { createModel(input: { name: "idc-detector" }) { id } }')).toMatchObject({
      code: 'CONFLICT',
    });
    const { id: runId } = await launch(api.store, bench);
    expect(
      await api.fail(
        'mutation ($input: RegisterModelVersionInput!) { registerModelVersion(input: $input) { id } }',
        { input: { modelId, runId } },
      ),
    ).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/is QUEUED/) });
  });

  it('refuse a version whose TEST is sealed: a result with reasons and a record, even with an override', async () => {
    const run = await finishRun(api.store, bench, { skill: 4 });
    const version = await register(run.id);
    const { promoteModelVersion } = await promote(version.id, { override: true });
    expect(promoteModelVersion.allowed).toBe(false);
    expect(promoteModelVersion.reasons.join(' ')).toMatch(/TEST/);
    expect(promoteModelVersion.model.champion).toBeNull();
    expect(promoteModelVersion.model.promotions).toHaveLength(1);
  });

  it('move the champion to a version that the gate lets pass, and show the verdict beforehand', async () => {
    const run = await finishRun(api.store, bench, { skill: 6, seed: 3 });
    const version = await register(run.id);
    await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "The finalist.") { id } }', {
      id: run.id,
    });
    const { model } = await api.ask<{
      model: {
        versions: {
          id: string;
          gate: { allowed: boolean; canOverride: boolean; rules: { kind: string; passed: boolean }[] };
        }[];
      };
    }>(
      'query { model(name: "idc-detector") { versions { id gate { allowed canOverride reasons rules { rule kind passed figure sentence } } } } }',
    );
    const gate = model.versions.find(({ id }) => id === version.id)!.gate;
    expect(gate.rules.filter(({ kind }) => kind === 'safety').every(({ passed }) => passed)).toBe(true);
    const { promoteModelVersion } = await promote(version.id, { override: true });
    expect(promoteModelVersion.allowed).toBe(true);
    expect(promoteModelVersion.model).toMatchObject({
      champion: { number: version.number },
      aliases: [{ name: 'champion', version: { number: version.number } }],
    });
    expect(await api.fail(PROMOTE, { input: { versionId: version.id, reason: 'Again.' } })).toMatchObject({
      code: 'CONFLICT',
    });
    expect(await api.fail(PROMOTE, { input: { versionId: version.id, reason: '' } })).toMatchObject({
      code: 'BAD_INPUT',
    });
  });

  it('lose their champion and get it back, on record, with the policy that judged each act', async () => {
    type Acted = { promotion: { act: string; version: { number: number } }; model: { champion: unknown } };
    type State = {
      id: string;
      champion: { id: string } | null;
      previousVersion: { id: string } | null;
      policies: { version: number }[];
    };
    const read = async () =>
      (
        await api.ask<{ model: State }>(
          'query { model(name: "idc-detector") { id champion { id } previousVersion { id } policies { version } } }',
        )
      ).model;
    const act = async (name: string, input: object) => {
      const document = `mutation ($input: AliasActInput!) { ${name}(input: $input) {
        promotion { act version { number } } model { champion { id } } } }`;
      return (await api.ask<Record<string, Acted>>(document, { input }))[name]!;
    };
    const versionId = (await read()).champion!.id;
    const demoted = await act('demoteModelVersion', { versionId, reason: 'It calls mucus IDC.' });
    expect(demoted).toMatchObject({ promotion: { act: 'DEMOTE' }, model: { champion: null } });
    expect((await read()).previousVersion).toEqual({ id: versionId });
    await api.ask(
      `mutation ($input: ChangePromotionPolicyInput!) { changePromotionPolicy(input: $input) {
        policy policies { version policy reason changedBy createdAt } } }`,
      {
        input: {
          modelId,
          policy: { maximumEce: 0.05 },
          fromVersion: 1,
          reason: 'Stricter.',
          changedBy: 'Bo',
        },
      },
    );
    const back = await act('rollBackModelVersion', { versionId, reason: 'It was the scanner.' });
    expect(back).toMatchObject({ promotion: { act: 'ROLL_BACK' }, model: { champion: { id: versionId } } });
    const { model } = await api.ask<{ model: { promotions: object[] } }>(
      'query { model(name: "idc-detector") { promotions { act number allowed verdict { policyVersion rules { kind } } } } }',
    );
    expect(model.promotions.slice(0, 2)).toMatchObject([
      { act: 'ROLL_BACK', number: 4, verdict: { policyVersion: 2 } },
      { act: 'DEMOTE', number: 3, verdict: { policyVersion: 1, rules: [] } },
    ]);
    expect(
      await api.fail(
        'mutation ($input: ChangePromotionPolicyInput!) { changePromotionPolicy(input: $input) { id } }',
        { input: { modelId, policy: { minimumEce: 1 }, fromVersion: 2, reason: 'A slip.' } },
      ),
    ).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('minimumEce') });
  });

  it('tell what they are meant for, and what their policy could ask for', async () => {
    const { updateModel } = await api.ask<{ updateModel: object }>(
      'mutation ($input: UpdateModelInput!) { updateModel(input: $input) { intendedUse description } }',
      { input: { modelId, intendedUse: 'Research alone.' } },
    );
    expect(updateModel).toEqual({ intendedUse: 'Research alone.', description: '' });
    const { promotionPolicySchema } = await api.ask<{
      promotionPolicySchema: { properties: Record<string, { default: unknown; description: string }> };
    }>('{ promotionPolicySchema }');
    expect(promotionPolicySchema.properties.requireColourBaseline).toMatchObject({ default: true });
  });

  it('never let a run on an unsafe split pass, whatever it scores', async () => {
    const [split] = await createSplit(api.store, {
      datasetId: bench.dataset.datasetId,
      strategy: 'RANDOM_PATCH',
      seed: 1,
    });
    const run = await finishRun(api.store, { ...bench, split: split! }, { skill: 8 });
    await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "To show the leak.") { id } }', {
      id: run.id,
    });
    const version = await register(run.id);
    const { promoteModelVersion } = await promote(version.id, { override: true });
    expect(promoteModelVersion.allowed).toBe(false);
    const failed = promoteModelVersion.promotion.verdict.rules.filter(({ passed }) => !passed);
    expect(failed.some(({ kind }) => kind === 'safety')).toBe(true);
  });
});

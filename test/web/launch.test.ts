/** The launch form is built from the API's own schema, and the pair it launches differs in its network alone. */
import {
  HYPERPARAMETER_PRESETS,
  hyperparameterJsonSchema,
  parseHyperparameters,
} from '@microtome/domain/run/hyperparameters';
import { describe, expect, it } from 'vitest';
import { chooseTarget } from '../../apps/web/app/launch/choose-target.ts';
import { groupFields } from '../../apps/web/app/launch/group-fields.ts';
import {
  findPreset,
  isSamePlan,
  nameExperiment,
  planBaseline,
  planPairSide,
} from '../../apps/web/app/launch/launch-plan.ts';
import { createLaunchSchema } from '../../apps/web/app/launch/launch-schema.ts';
import { createDraft } from '../../apps/web/app/launch/sweep-draft.ts';
import {
  describeRange,
  getDefaults,
  listSchemaValues,
  parseField,
  pickChanged,
  readSchemaFields,
  type SchemaField,
  titleField,
} from '../../apps/web/form/schema-fields.ts';

const fields = readSchemaFields(hyperparameterJsonSchema());

function getField(key: string): SchemaField {
  const field = fields.find((one) => one.key === key);
  if (!field) throw new Error(`The form has no field ${key}.`);
  return field;
}

describe('the launch form', () => {
  it('has a field for every hyperparameter of the schema, with the default that the API would fill in', () => {
    expect(getDefaults(fields)).toEqual(parseHyperparameters({}));
  });

  it('shows every field in exactly one section', () => {
    const shown = groupFields(fields).flatMap((group) => group.fields.map(({ key }) => key));
    expect([...shown].sort()).toEqual(fields.map(({ key }) => key).sort());
  });

  it('puts a hyperparameter that it has never heard of into a section of its own instead of hiding it', () => {
    const unknown: SchemaField = { key: 'newOne', description: '', fallback: true, kind: 'flag' };
    expect(groupFields([...fields, unknown]).at(-1)).toMatchObject({ title: 'Other', fields: [unknown] });
  });

  it('takes what the API takes and says the range of what it refuses', () => {
    expect(parseField(getField('epochs'), '12')).toEqual({ value: 12, error: null });
    expect(parseField(getField('epochs'), '2.5').error).toBe('A whole number from 1 to 500.');
    expect(parseField(getField('epochs'), '').error).not.toBeNull();
    expect(parseField(getField('learningRate'), '1e-3')).toEqual({ value: 0.001, error: null });
    expect(parseField(getField('learningRate'), '0').error).toBe('A number above 0 up to 10.');
    expect(parseField(getField('architecture'), 'vgg').error).toContain('shallow');
  });

  it('agrees with the API at both ends of every range', () => {
    for (const field of fields) {
      if (field.kind !== 'number') continue;
      for (const end of [field.min, field.max]) {
        if (end === null) continue;
        expect(parseField(field, String(end)).error, describeRange(field)).toBeNull();
        expect(() => parseHyperparameters({ epochs: 500, [field.key]: end })).not.toThrow();
      }
    }
  });

  it('sends only what differs from the defaults', () => {
    expect(pickChanged({ ...getDefaults(fields), epochs: 3 }, fields)).toEqual({ epochs: 3 });
  });

  it('recognises a preset whatever the order of its hyperparameters', () => {
    const deep = HYPERPARAMETER_PRESETS.find(({ name }) => name === 'deep');
    expect(isSamePlan(pickChanged({ ...deep?.hyperparameters }, fields), { architecture: 'deep' })).toBe(
      true,
    );
    expect(isSamePlan({ architecture: 'deep' }, { architecture: 'deep', epochs: 3 })).toBe(false);
  });

  it('adds the baseline to the pair with its own rate and the split, seed and budget of the two', () => {
    const changed = { architecture: 'deep', epochs: 4, learningRate: 0.5, seed: 7 };
    const planned = { architecture: 'colour-baseline', epochs: 4, learningRate: 0.01, seed: 7 };
    expect(planBaseline(changed, HYPERPARAMETER_PRESETS)).toEqual(planned);
    expect(planBaseline(changed, [])).toBeNull();
    expect(findPreset(HYPERPARAMETER_PRESETS, null)).toBeNull();
  });

  it('writes names of hyperparameters as words', () => {
    expect(titleField('learningRateSchedule')).toBe('Learning rate schedule');
  });
});

describe('what is typed into the launch form', () => {
  const schema = createLaunchSchema(fields);
  const typed = {
    target: { datasetId: 'd', splitId: 's', experimentId: '', experimentName: ' first ', taskId: '' },
    hyperparameters: { epochs: '12', augmentFlips: false, gone: 'of an older schema' },
    sweep: createDraft(null),
    about: { name: ' a run ', tags: 'a, b,a', notes: '  ', backend: 'auto' },
  };

  it('is read as values: numbers from text, defaults for what is not typed, no unknown hyperparameter', () => {
    const read = schema.parse(typed);
    expect(read.hyperparameters).toEqual({ ...getDefaults(fields), epochs: 12, augmentFlips: false });
    expect(read.target.experimentName).toBe('first');
    expect(read.about).toEqual({ name: 'a run', tags: ['a', 'b'], notes: null, backend: 'auto' });
  });

  it('is refused at its own place, with the range that it has to be in', () => {
    const wrong = { ...typed, hyperparameters: { epochs: '0', learningRate: 'fast' } };
    const issues = schema
      .safeParse(wrong)
      .error?.issues.map(({ path, message }) => [path.join('.'), message]);
    expect(issues).toEqual([
      ['hyperparameters.epochs', 'A whole number from 1 to 500.'],
      ['hyperparameters.learningRate', 'A number above 0 up to 10.'],
    ]);
  });

  it('holds the draft of a sweep to what its strategy needs, and to nothing else', () => {
    const broken = { ...createDraft('FOLDS'), trials: 'many' };
    expect(schema.safeParse({ ...typed, sweep: broken }).success).toBe(true);
    const drawn = schema.safeParse({ ...typed, sweep: { ...broken, strategy: 'RANDOM' as const } });
    expect(drawn.error?.issues.map(({ path }) => path.join('.'))).toEqual(['sweep.trials']);
  });
});

describe('shallow vs deep', () => {
  it('differs in its network alone, so that split, seed and budget are the same', () => {
    const chosen = { epochs: 3, seed: 7, architecture: 'mobile' };
    const shallow = parseHyperparameters(planPairSide(chosen, 'shallow'));
    const deep = parseHyperparameters(planPairSide(chosen, 'deep'));
    expect({ ...deep, architecture: 'shallow' }).toEqual(shallow);
    expect(deep).toMatchObject({ architecture: 'deep', epochs: 3, seed: 7 });
  });

  it('finds a name for its experiment that is not taken', () => {
    expect(nameExperiment('Shallow vs deep', [])).toBe('Shallow vs deep');
    expect(nameExperiment('Shallow vs deep', ['Shallow vs deep', 'Shallow vs deep 2'])).toBe(
      'Shallow vs deep 3',
    );
  });
});

describe('the place of a launch', () => {
  const unsafe = { id: 'random', unsafe: true };
  const honest = { id: 'honest', unsafe: false };
  const nothing = { datasetId: null, splitId: null, experimentId: null };

  it('is never an unsafe split unless it was asked for by name', () => {
    const datasets = [{ id: 'a', splits: [unsafe, honest], experiments: [] }];
    expect(chooseTarget(datasets, nothing).splitId).toBe('honest');
    expect(chooseTarget(datasets, { ...nothing, splitId: 'random' }).splitId).toBe('random');
    const fold = { id: 'fold', unsafe: false, strategy: 'K_FOLD' };
    expect(chooseTarget([{ id: 'a', splits: [fold, honest], experiments: [] }], nothing).splitId).toBe(
      'honest',
    );
    expect(chooseTarget([{ id: 'a', splits: [fold], experiments: [] }], nothing).splitId).toBe('fold');
    expect(chooseTarget([{ id: 'a', splits: [unsafe], experiments: [] }], nothing).splitId).toBe('');
  });

  it('begins with a dataset that is split already', () => {
    const datasets = [
      { id: 'fresh', splits: [], experiments: [] },
      { id: 'split', splits: [honest], experiments: [{ id: 'e' }] },
    ];
    expect(chooseTarget(datasets, nothing)).toMatchObject({
      datasetId: 'split',
      splitId: 'honest',
      experimentId: 'e',
    });
  });
});

describe("a run's hyperparameters", () => {
  it('are listed in the order of the schema, with those that differ marked and those unknown kept', () => {
    const listed = listSchemaValues({ gone: 1, seed: 1, architecture: 'deep' }, fields);
    expect(listed.map(({ key }) => key)).toEqual(['architecture', 'seed', 'gone']);
    expect(listed.map(({ changed }) => changed)).toEqual([true, false, false]);
  });
});

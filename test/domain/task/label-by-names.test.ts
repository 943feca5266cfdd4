import { labelByNames } from '@microtome/domain/task/label-by-names';
import { proposeTask } from '@microtome/domain/task/propose-task';
import { expect, test } from 'vitest';

const model = {
  sides: ['NEGATIVE', 'POSITIVE', 'LEFT_OUT'] as const,
  classNames: ['normal', 'tumor', 'artefact'],
  positiveName: 'tumor',
};
const nothing = { positive: null, proposed: null };

test('classes that the model was trained on keep their sides, others have none', () => {
  const classNames = ['Tumor', 'artefact', 'necrosis', 'normal '];
  expect(labelByNames(model, { ...nothing, classNames }).sides).toEqual([
    'POSITIVE',
    'LEFT_OUT',
    'LEFT_OUT',
    'NEGATIVE',
  ]);
});

test('a source that calls its positive side as the model does keeps its own sides', () => {
  const classNames = ['ductal', 'healthy'];
  const proposed = proposeTask(classNames, { positive: ['ductal'], positiveName: 'Tumor' });
  expect(labelByNames(model, { ...nothing, classNames, proposed }).sides).toEqual(['POSITIVE', 'NEGATIVE']);
});

test('names that say nothing match nothing, until a person names the positive ones', () => {
  const numbered = { ...model, classNames: ['0', '1', '2'], positiveName: '1' };
  const classNames = ['0', '1'];
  expect(labelByNames(numbered, { ...nothing, classNames })).toEqual({
    sides: null,
    why: "No labels: the classes here are '0', '1', those of the model '0', '1', '2', of which it looks for '1'. Say by --positive which of these it is.",
  });
  expect(labelByNames(numbered, { ...nothing, classNames, positive: ['0'] }).sides).toEqual([
    'POSITIVE',
    'NEGATIVE',
  ]);
  expect(() => labelByNames(numbered, { ...nothing, classNames, positive: ['3'] })).toThrow("no class '3'");
});

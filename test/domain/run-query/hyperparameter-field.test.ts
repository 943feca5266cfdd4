import { parseRunField } from '@microtome/domain/run-query/parse-query';
import { printRunField } from '@microtome/domain/run-query/print-query';
import { fieldOfHyperparameter } from '@microtome/domain/run-query/run-field';
import { describe, expect, it } from 'vitest';

describe('the field of a hyperparameter', () => {
  it.each([
    ['architecture', 'architecture'],
    ['learningRate', 'learningRate'],
    ['seed', 'seed'],
    // Of another program: it is not the column of that name.
    ['status', 'param(status)'],
    ['max depth', 'param("max depth")'],
  ])('%s is %s, which the line reads', (name, printed) => {
    const field = fieldOfHyperparameter(name);
    expect(printRunField(field)).toBe(printed);
    expect(parseRunField(printed)).toEqual(field);
  });
});

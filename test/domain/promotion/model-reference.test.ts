import { parseModelReference } from '@microtome/domain/promotion/model-reference';
import { expect, it } from 'vitest';

it.each([
  ['idc', null, 'idc', 'champion'],
  ['idc@3', null, 'idc', '3'],
  ['ward 7/idc@challenger', 'ward 7', 'idc', 'challenger'],
  ['a/b@c/idc', 'a/b@c', 'idc', 'champion'],
])('%s names a model and a version of it', (text, project, name, pointer) => {
  expect(parseModelReference(text)).toEqual({ project, name, pointer });
});

/** What a picture that is saved from the viewer is called. */
import { expect, it } from 'vitest';
import { nameStage } from '../../../apps/web/app/viewer/name-stage.ts';

it('two slides of one patient are saved under two names', () => {
  const slideOf = (key: string) => ({ key, patient: { key: 'patient_010' } });
  expect(nameStage(slideOf('patient_010_node_0'), 'run 2')).toBe('patient_010, patient_010_node_0, run 2');
  expect(nameStage(slideOf('patient_010_node_1'), '')).toBe('patient_010, patient_010_node_1');
  expect(nameStage(slideOf('patient_010'), 'run 2')).toBe('patient_010, run 2');
});

/**
 * The dataset that a benchmark works on: the folder or zip that its first argument names; with `--full-size` a drawn
 * one with the patients and about the patches of the published set (279 and 277,524), which takes some minutes and two
 * gigabytes the first time; else the real sample.
 */
import { fileURLToPath } from 'node:url';
import { ensureSample } from '../../apps/cli/src/demo/sample.ts';

const REAL_SAMPLE = fileURLToPath(new URL('../../../shared/data/idc-sample.zip', import.meta.url));
const FULL_SIZE = { seed: 1, patients: 279, patchesPerPatient: 995 };

export async function findNamedDataSet(argument: string | undefined): Promise<string> {
  if (argument !== '--full-size') return argument ?? REAL_SAMPLE;
  return ensureSample({ ...FULL_SIZE, homeDir: '.microtome', onStep: (message) => console.error(message) });
}

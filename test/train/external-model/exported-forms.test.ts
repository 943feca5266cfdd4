/**
 * Models as torch and Keras themselves export them: half precision, one sigmoid, two columns of a softmax, several outputs, bytes,
 * a fixed number of patches, colours first and last. Where MICROTOME_TRAINING_PYTHON names a Python with both, onnx and onnxscript.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseModelInput } from '@microtome/domain/model-check/model-input';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExternalPredictor } from '../../../workers/train/src/external-model/external-predictor.ts';
import { readInheritedEnv, readTrainingPython } from '../../env.ts';

const TIMEOUT_MS = 600_000;
const SIZE_PX = 16;
const python = readTrainingPython();
if (!python)
  console.info('MICROTOME_TRAINING_PYTHON names no Python with torch, keras, onnx and onnxscript: skipped.');

type Form = { name: string; input: object; probabilities: number[] };

const NAMES = ['torch-logit', 'torch-half', 'torch-several', 'torch-bytes', 'torch-fixed'];
const KERAS_NAMES = ['keras-softmax', 'keras-sigmoid'];

describe.skipIf(!python)('a model as it is exported', () => {
  let folder: string;
  let forms: Form[];
  let patches: Uint8Array;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microtome-forms-'));
    const env = { ...readInheritedEnv(), KERAS_BACKEND: 'torch', OMP_NUM_THREADS: '1' };
    const program = 'test/train/external-model/exported-forms.py';
    const { stdout } = await promisify(execFile)(python!, [program, folder], { env });
    ({ forms } = JSON.parse(stdout.slice(stdout.indexOf('{"forms"'))));
    patches = await readFile(join(folder, 'patches.bin'));
  }, TIMEOUT_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([...NAMES, ...KERAS_NAMES])('gives what its program gives: %s', async (name) => {
    const { input, probabilities } = forms.find((form) => form.name === name)!;
    const predictor = await openExternalPredictor(await readFile(join(folder, `${name}.onnx`)), {
      input: parseModelInput(input),
      patchSizePx: SIZE_PX,
      threads: 1,
    });
    const given = await predictor.predict(patches, probabilities.length);
    await predictor.dispose();
    const digits = predictor.signature.output.type === 'float16' ? 3 : 5;
    for (const [at, probability] of probabilities.entries()) {
      expect(given[at]).toBeCloseTo(probability, digits);
    }
  });
});

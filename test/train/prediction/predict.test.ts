import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { putInContext } from '@microtome/domain/context/context-step';
import { requireContextStep } from '@microtome/store/evaluation/run-context';
import type { Run } from '@microtome/store/generated/prisma/client';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { type OnSplit, requireSplit } from '@microtome/store/run/split-run';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkerFixture, startWorker, type WorkerFixture } from '../worker-fixture.ts';
import { findTrainedPatient, promoteRun, runPredict, SIZE_PX, writeIdcPatch } from './predict-fixture.ts';

const NEW_PATIENT = '99001';
const TIMEOUT_MS = 240_000;

describe('npm run predict', () => {
  let fixture: WorkerFixture;
  let run: OnSplit<Run>;
  let folder: string;
  /** Raw pixels by the path of their file. */
  const patches = new Map<string, Uint8Array>();

  beforeAll(async () => {
    fixture = await createWorkerFixture();
    const worker = await startWorker(fixture.store);
    const { id } = await fixture.launch({ learningRate: 3e-3 });
    run = requireSplit(await fixture.waitUntilSettled(id));
    await worker.close();
    await promoteRun(fixture, run.id);
    folder = await mkdtemp(path.join(os.tmpdir(), 'microtome-predict-'));
    for (let number = 0; number < 10; number++) {
      const label = number % 2 === 0 ? 0 : 1;
      await writePatch(NEW_PATIENT, { label, number });
    }
  }, TIMEOUT_MS);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await fixture.close();
  });

  it(
    'gives patches that no run has seen what the stored model gives by plain TensorFlow.js',
    async () => {
      const out = path.join(folder, 'out.csv');
      const { stderr } = await predict(folder, '--out', out);
      const [header, ...lines] = (await readFile(out, 'utf8')).trimEnd().split('\n');
      expect(header).toBe('file,patient,x,y,label,probability,class,slide,site,contextProbability');
      const rows = lines.map((line) => line.split(','));
      const places = {
        slides: new Int32Array(rows.length),
        x: Int32Array.from(rows, (row) => Number(row[2]) - 1),
        y: new Int32Array(rows.length),
        patchSizePx: SIZE_PX,
      };
      const probabilities = Float64Array.from(rows, (row) => Number(row[5]));
      const step = await requireContextStep(fixture.store, { runId: run.id });
      expect(rows.map((row) => Number(row[9]))).toEqual([
        ...putInContext({ probabilities, places }, step!).probabilities,
      ]);
      expect(lines).toHaveLength(10);
      const model = await tf.loadLayersModel(await readModel());
      for (const line of lines) {
        const [file, patient, x, y, label, probability, className, slide, site] = line.split(',');
        expect([patient, slide, site]).toEqual([NEW_PATIENT, NEW_PATIENT, '']);
        expect(className).toBe(label === '1' ? 'IDC' : 'not IDC');
        expect(file).toContain(`_x${x}_y${y}_class${label}.png`);
        const input = tf.tensor4d(Float32Array.from(patches.get(file!)!), [1, SIZE_PX, SIZE_PX, 3]);
        const [expected] = (model.predict(input) as tf.Tensor).dataSync();
        expect(Math.abs(Number(probability) - expected!)).toBeLessThan(1e-4);
      }
      expect(stderr).toMatch(/10 labelled patches of 1 patient; positive class IDC/);
      expect(stderr).toMatch(/with neighbours \(10 patches, threshold .*AUC/);
      expect(stderr).not.toMatch(/WARNING/);
      // Without a GPU, drivers that are looked for write lines of their own: none of them belongs here.
      expect(stderr).not.toMatch(/Vulkan|^\s+at /im);
    },
    TIMEOUT_MS,
  );

  it(
    'warns when the model was trained on a patient, and takes a single image',
    async () => {
      const trained = await findTrainedPatient(fixture, run);
      const file = await writePatch(trained, { label: 1, number: 50 });
      const { stdout, stderr } = await predict(path.join(folder, file));
      expect(stdout.trim().split('\n')).toHaveLength(2);
      expect(stderr).toMatch(new RegExp(`WARNING: .*${trained}`));
      await rm(path.join(folder, trained), { recursive: true });
    },
    TIMEOUT_MS,
  );

  it(
    'leaves out what the model cannot take, and says why',
    async () => {
      const wrong = path.join(folder, NEW_PATIENT, '0', `${NEW_PATIENT}_idx5_x9001_y9001_class0.png`);
      await sharp({ create: { width: 8, height: SIZE_PX, channels: 3, background: 'white' } })
        .png()
        .toFile(wrong);
      const { stdout, stderr } = await predict(folder);
      expect(stdout.trim().split('\n')).toHaveLength(11);
      expect(stderr).toMatch(/2 files were left out:\n.*8 x 16 pixels; the model takes 16 x 16/);
    },
    TIMEOUT_MS,
  );

  it(
    'takes a nested copy once, and leaves out what folders, places or other pixels contradict',
    async () => {
      const source = await mkdtemp(path.join(os.tmpdir(), 'microtome-predict-nested-'));
      const name = (number: number, label = number % 2) =>
        `${NEW_PATIENT}_idx5_x${number * SIZE_PX + 1}_y1_class${label}.png`;
      const copy = async (from: string, to: string) => {
        await mkdir(path.join(source, path.dirname(to)), { recursive: true });
        await copyFile(path.join(folder, from), path.join(source, to));
      };
      for (const number of [0, 1, 2, 3]) {
        const file = `${NEW_PATIENT}/${number % 2}/${name(number)}`;
        await copy(file, file);
        if (number < 2) await copy(file, `IDC_regular_ps50_idx5/${file}`);
      }
      // Another picture at the place of number 3, a class folder that contradicts, and no slide that wide.
      await copy(`${NEW_PATIENT}/1/${name(5)}`, `rescan/${NEW_PATIENT}/1/${name(3)}`);
      await copy(`${NEW_PATIENT}/0/${name(4)}`, `1/${name(4)}`);
      await copy(`${NEW_PATIENT}/0/${name(4)}`, `flat/${NEW_PATIENT}_idx5_x2000001_y1_class0.png`);
      const { stdout, stderr } = await predict(source);
      await rm(source, { recursive: true });
      const files = stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0]);
      expect(files).toEqual([0, 1, 2].map((number) => `${NEW_PATIENT}/${number % 2}/${name(number)}`).sort());
      expect(stderr).toMatch(/6 files were left out:/);
      expect(stderr).toMatch(/IDC_regular_ps50_idx5.*The same patch was found before/);
      expect(stderr).toMatch(/rescan.*It shows other pixels than 99001\/1/);
      expect(stderr).toMatch(/Its name says class 0, its folder 1\./);
      expect(stderr).toMatch(/no slide has more than 1,000,000 pixels a side/);
    },
    TIMEOUT_MS,
  );

  it(
    'writes names that begin like formulas as text, and says what was changed about pixels',
    async () => {
      const source = await mkdtemp(path.join(os.tmpdir(), 'microtome-predict-names-'));
      const names = [
        '=HYPERLINK("x","y").png',
        '+cmd|calc.png',
        '-2+3.png',
        '@SUM(1).png',
        '\tt.png',
        'plain.png',
        'semi;=1.png',
      ];
      const glass = { width: SIZE_PX, height: SIZE_PX, channels: 4, background: '#0000' } as const;
      for (const name of names) await sharp({ create: glass }).png().toFile(path.join(source, name));
      const { stdout, stderr } = await predict(source);
      await rm(source, { recursive: true });
      for (const sign of '=+-@\t') expect(stdout).not.toMatch(new RegExp(`(^|[\n,]"?)\\${sign}`));
      expect(stdout).toContain('"\'=HYPERLINK(""x"",""y"").png"');
      expect(stdout).toContain('\nplain.png,,,,,');
      expect(stderr).toMatch(/7 files: Transparent pixels were laid on white\./);
    },
    TIMEOUT_MS,
  );

  it(
    'ends with an error and without a file when nothing was predicted',
    async () => {
      const source = await mkdtemp(path.join(os.tmpdir(), 'microtome-predict-bad-'));
      const out = path.join(source, 'out.csv');
      await writeFile(path.join(source, 'a.png'), 'no image');
      const failure = await predict(source, '--out', out).catch((error) => error);
      expect(failure).toMatchObject({ code: 1, stdout: '' });
      expect(failure.stderr).toMatch(/a\.png: It is not an image/);
      expect(failure.stderr).toMatch(/Nothing was predicted: none of 1 images can be used\.\n$/);
      expect(await readdir(source)).toEqual(['a.png']);
      await expect(predict('')).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('The path is empty.'),
      });
      await rm(source, { recursive: true });
    },
    TIMEOUT_MS,
  );

  it(
    'names the models that there are when asked for another',
    async () => {
      await expect(predictWith('idc@nobody', folder)).rejects.toMatchObject({
        stderr: expect.stringContaining("Model 'idc' has no 'nobody'. Aliases: champion; versions: 1."),
      });
      await expect(predictWith('other@champion', folder)).rejects.toMatchObject({
        stderr: expect.stringContaining("There is no model 'other'. Models: idc."),
      });
    },
    TIMEOUT_MS,
  );

  const predict = (...args: string[]) => predictWith('idc@champion', ...args);

  const predictWith = (model: string, ...args: string[]) =>
    runPredict(fixture, [`--model=${model}`, ...args]);

  async function writePatch(patientKey: string, patch: { label: 0 | 1; number: number }): Promise<string> {
    const { file, pixels } = await writeIdcPatch(folder, patientKey, patch);
    patches.set(file, pixels);
    return file;
  }

  async function readModel(): Promise<tf.io.IOHandler> {
    const read = async (role: string) => {
      const { artifactHash } = await getRunArtifact(fixture.store, { runId: run.id, role });
      return fixture.store.artifacts.read(artifactHash);
    };
    const { modelTopology, weightsManifest } = JSON.parse((await read('MODEL_JSON')).toString());
    const weightData = Uint8Array.from(await read('MODEL_WEIGHTS')).buffer;
    return tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData });
  }
});

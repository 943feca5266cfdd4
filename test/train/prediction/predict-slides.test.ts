/** `npm run predict -- --slides`: a row a square of tissue of each slide that can be read, and a sentence for each of the others. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { putInContext } from '@microtome/domain/context/context-step';
import { requireContextStep } from '@microtome/store/evaluation/run-context';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeSlide } from '../../store/import/tiling/slide-files.ts';
import { createWorkerFixture, startWorker, type WorkerFixture } from '../worker-fixture.ts';
import { promoteRun, runPredict, SIZE_PX } from './predict-fixture.ts';

const TIMEOUT_MS = 240_000;
const MODEL = ['--model', 'idc@champion', '--slides'];
/** 256 px of 0.5 µm in squares of 16 px at 1 µm. */
const SIDE = 8;
const SQUARES = SIDE ** 2;

let fixture: WorkerFixture;
let runId: string;
let folder: string;

beforeAll(async () => {
  fixture = await createWorkerFixture();
  const worker = await startWorker(fixture.store);
  ({ id: runId } = await fixture.launch({ epochs: 1 }));
  await fixture.waitUntilSettled(runId);
  await worker.close();
  await promoteRun(fixture, runId);
  folder = await mkdtemp(path.join(tmpdir(), 'slides-'));
  await mkdir(path.join(folder, 'more'));
  await writeFile(path.join(folder, 'one.tif'), makeSlide());
  await writeFile(path.join(folder, 'more', 'one.tif'), makeSlide());
  await writeFile(path.join(folder, 'broken.svs'), 'nothing');
}, TIMEOUT_MS);
afterAll(async () => {
  await fixture.close();
  await rm(folder, { recursive: true });
});

it(
  'predicts the squares of slides, and reads those of each slide with their neighbours',
  async () => {
    const { stdout, stderr } = await runPredict(fixture, [...MODEL, '--model-mpp', '1', folder]);
    const [header, ...lines] = stdout.trim().split('\n');
    expect(header).toBe('file,patient,x,y,label,probability,class,slide,site,contextProbability');
    const rows = lines.map((line) => line.split(','));
    expect(rows.map((row) => row[0])).toEqual([
      ...Array(SQUARES).fill('more/one.tif'),
      ...Array(SQUARES).fill('one.tif'),
    ]);
    const step = await requireContextStep(fixture.store, { runId });
    const at = Int32Array.from({ length: SQUARES }, (_, square) => square);
    const x = at.map((square) => square % SIDE);
    const y = at.map((square) => Math.floor(square / SIDE));
    for (const own of [rows.slice(0, SQUARES), rows.slice(SQUARES)]) {
      // Row by row, in pixels of the slide.
      expect(own.map((row) => [row[2], row[3]])).toEqual(
        Array.from(at, (square) => [String(x[square]! * 32), String(y[square]! * 32)]),
      );
      const probabilities = Float64Array.from(own, (row) => Number(row[5]));
      const places = {
        slides: new Int32Array(SQUARES),
        x: x.map((column) => column * SIZE_PX),
        y: y.map((row) => row * SIZE_PX),
        patchSizePx: SIZE_PX,
      };
      const inContext = putInContext({ probabilities, places }, step!).probabilities;
      expect(own.map((row) => Number(row[9]))).toEqual([...inContext]);
      expect(own[0]!.filter((_, cell) => [1, 4, 6, 7, 8].includes(cell))).toEqual(['', '', '', 'one', '']);
    }
    expect(stderr).toMatch(/1 files were left out:\n {2}broken\.svs: "?broken\.svs/);
    expect(stderr).toMatch(/\nmore\/one\.tif: \d+ of 64 squares are called IDC: 0\.\d{3} mm²/);
    expect(stderr).toMatch(/\none\.tif: \d+ of 64 squares are called IDC: 0\.\d{3} mm²/);
  },
  TIMEOUT_MS,
);

it(
  'says what is missing, what does not fit, and leaves no file where nothing was predicted',
  async () => {
    const refused = (...args: string[]) => runPredict(fixture, [...MODEL, ...args]).catch((error) => error);
    expect((await refused(folder)).stderr).toContain('does not tell how many µm its pixels have');
    const broken = path.join(folder, 'broken.svs');
    const out = path.join(folder, 'out.csv');
    const { code, stderr } = await refused('--model-mpp', '1', '--out', out, broken);
    expect(code).toBe(1);
    expect(stderr).toMatch(/broken\.svs: .*\nNothing was predicted: none of the slides can be used\.\n$/);
    expect(await readdir(folder)).toEqual(['broken.svs', 'more', 'one.tif']);
    const unscaled = path.join(folder, 'unscaled.tif');
    await writeFile(unscaled, makeSlide({ 282: 0, 283: 0, 296: 1 }));
    expect((await refused('--model-mpp', '1', unscaled)).stderr).toContain(
      '\n  unscaled.tif: It tells no µm per pixel: say those of slides that tell none.\n',
    );
    await rm(unscaled);
    expect((await refused('--slide-mpp', '99', folder)).stderr).toContain('99 µm per pixel: no slide has');
    expect((await refused('--mpp', '1', folder)).stderr).toBe(
      '--mpp says how patches are read: it does not go with --slides.\n',
    );
    await expect(
      runPredict(fixture, ['--model', 'idc@champion', '--model-mpp', '1', folder]),
    ).rejects.toMatchObject({ stderr: '--model-mpp goes with --slides alone.\n' });
  },
  TIMEOUT_MS,
);

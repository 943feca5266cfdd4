/** The command on sources that are not the IDC set: manifests and class folders, by the options of an import. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Run } from '@microtome/store/generated/prisma/client';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkerFixture, startWorker, type WorkerFixture } from '../worker-fixture.ts';
import {
  findTrainedPatient,
  nameIdcPatch,
  promoteRun,
  runPredict,
  writeIdcPatch,
} from './predict-fixture.ts';

const NEW_PATIENT = '99001';
const TIMEOUT_MS = 240_000;

describe('npm run predict on any source', () => {
  let fixture: WorkerFixture;
  let run: Run;
  let folder: string;

  beforeAll(async () => {
    fixture = await createWorkerFixture();
    const worker = await startWorker(fixture.store);
    const { id } = await fixture.launch({ learningRate: 3e-3 });
    run = await fixture.waitUntilSettled(id);
    await worker.close();
    await promoteRun(fixture, run.id);
    folder = await mkdtemp(path.join(os.tmpdir(), 'microtome-predict-'));
    for (const number of [0, 1, 2, 3, 4, 5]) {
      await writeIdcPatch(folder, NEW_PATIENT, { label: labelOf(number), number });
    }
  }, TIMEOUT_MS);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await fixture.close();
  });

  it(
    'takes a manifest with patients, sites and classes by name, and keeps what has no label',
    async () => {
      const source = await mkdtemp(path.join(os.tmpdir(), 'microtome-predict-manifest-'));
      const trained = await findTrainedPatient(fixture, run);
      const rows = ['image,case,centre,diagnosis'];
      for (const number of [0, 1, 2, 3, 4, 5]) {
        const diagnosis = number === 5 ? 'scar' : number % 2 === 0 ? 'not IDC' : 'idc';
        await copyFile(path.join(folder, pathOf(number)), path.join(source, `${number}.png`));
        rows.push(
          `${number}.png,${number < 2 ? trained : `c-${number}`},${number < 3 ? 'A' : 'B'},${diagnosis}`,
        );
      }
      await writeFile(path.join(source, 'list.csv'), rows.join('\n'));
      const maps = ['patient=case', 'site=centre', 'label=diagnosis', 'path=image'];
      const { stdout, stderr } = await predict(
        source,
        '--manifest',
        'list.csv',
        ...maps.flatMap((map) => ['--map', map]),
      );
      await rm(source, { recursive: true });
      const cells = stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
      expect(cells.map((row) => [row[0], row[1], row[4], row[6], row[8]])).toEqual([
        ['0.png', trained, '0', 'not IDC', 'A'],
        ['1.png', trained, '1', 'idc', 'A'],
        ['2.png', 'c-2', '0', 'not IDC', 'A'],
        ['3.png', 'c-3', '1', 'idc', 'B'],
        ['4.png', 'c-4', '0', 'not IDC', 'B'],
        ['5.png', 'c-5', '', 'scar', 'B'],
      ]);
      expect(stderr).toMatch(/5 labelled patches of 4 patients; positive class IDC/);
      expect(stderr).toMatch(/site A \(2 patients, 3 patches\): .*\n\s+site B \(2 patients, 2 patches\)/);
      // Patient keys of another source are other people.
      expect(stderr).not.toMatch(/WARNING/);
    },
    TIMEOUT_MS,
  );

  it(
    'takes class folders, whose names say nothing until a person says which is positive, and resizes when asked',
    async () => {
      const source = await mkdtemp(path.join(os.tmpdir(), 'microtome-predict-classes-'));
      for (const name of ['0', '1']) {
        await mkdir(path.join(source, name));
        await copyFile(path.join(folder, pathOf(Number(name))), path.join(source, name, `${name}.png`));
      }
      const large = { width: 24, height: 24, channels: 3, background: 'white' } as const;
      await sharp({ create: large })
        .png()
        .toFile(path.join(source, '1', 'large.png'));
      const untold = await predict(source);
      expect(untold.stderr).toMatch(
        /No labels: the classes here are '0', '1', those of the model 'not IDC', 'IDC', of which it looks for 'IDC'\. Say by --positive/,
      );
      expect(untold.stderr).toMatch(/large\.png: It has 24 x 24 pixels; the model takes 16 x 16/);
      expect(untold.stdout.trim().split('\n')).toHaveLength(3);
      const told = await predict(source, '--positive', '1', '--other-sizes', 'RESIZE');
      expect(told.stderr).toMatch(/3 labelled patches of patients unknown; positive class IDC/);
      expect(told.stdout).toMatch(/\n1\/large\.png,,,,1,[\d.e-]+,1,,,\n/);
      await expect(predict(source, '--positive', '2')).rejects.toMatchObject({
        stderr: expect.stringContaining("no class '2': its classes are '0', '1'."),
      });
      await rm(source, { recursive: true });
    },
    TIMEOUT_MS,
  );

  const predict = (...args: string[]) => runPredict(fixture, ['--model=idc@champion', ...args]);
});

function labelOf(number: number): 0 | 1 {
  return number % 2 === 0 ? 0 : 1;
}

function pathOf(number: number): string {
  const label = labelOf(number);
  return `${NEW_PATIENT}/${label}/${nameIdcPatch(NEW_PATIENT, { label, number })}`;
}

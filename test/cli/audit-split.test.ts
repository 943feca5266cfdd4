/** `npm run audit-split`: what it prints, what it ends with, and that it leaves nothing behind. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../apps/cli/src/audit-split.ts', import.meta.url));
const LEAKING = 'file,split\nSOB_B_A-14-2AB-40-001.png,train\nSOB_B_A-14-2CD-40-001.png,test\n';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'microtome-lists-'));
  await writeFile(path.join(folder, 'leaking.csv'), LEAKING);
  await writeFile(path.join(folder, 'clean.csv'), 'patient,split\na,train\nb,test\n');
});
afterAll(() => rm(folder, { recursive: true }));

function audit(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

it('ends with 0 when clean, 3 when leaking, 2 when nothing can be judged', async () => {
  const [clean, leaking, missing, unknown] = await Promise.all([
    audit('clean.csv'),
    audit('leaking.csv'),
    audit('absent.csv'),
    audit('clean.csv', '--map', 'colour=x'),
  ]);
  expect(clean).toMatchObject({ status: 0, stdout: expect.stringContaining('Clean: none of 2 patients') });
  expect(leaking.status).toBe(3);
  expect(leaking.stdout).toContain('Leaking: 1 of 1 patient is on two sides or more');
  expect(leaking.stdout).toContain('14-2: 1 in TRAIN, 1 in TEST');
  expect(missing).toMatchObject({ status: 2, stdout: '', stderr: 'There is no file absent.csv.\n' });
  expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('one of id, patient') });
  expect(await readdir(folder)).toEqual(['clean.csv', 'leaking.csv']);
});

it('writes a certificate that is checked against a list', async () => {
  await audit('clean.csv', '--write-certificate', 'certificate.json');
  const certificate = JSON.parse(await readFile(path.join(folder, 'certificate.json'), 'utf8'));
  expect(certificate).toMatchObject({ unit: 'PATIENT', isClean: true, units: 2 });
  const [same, other] = await Promise.all([
    audit('--certificate', 'certificate.json', '--list', 'clean.csv'),
    audit('--certificate', 'certificate.json', '--list', 'leaking.csv', '--rule', 'breakhis'),
  ]);
  expect(same).toMatchObject({ status: 0, stderr: 'The certificate is that of this list.\n' });
  expect(other).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('is not that of this list: rule, units, sides'),
  });
});

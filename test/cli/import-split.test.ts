/** `npm run import-split`: a folder is imported, and a list of its very files becomes a split, or what it leaks is said. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@microtome/domain/seeded-random';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '../test-store.ts';

const SLIDES = ['14-1', '14-2AB', '14-2CD', '14-3', '14-4', '14-5', '14-6', '14-7'];
const PICTURES = 4;
/** Several commands, each of which starts a process. */
const COMMANDS_TIMEOUT_MS = 240_000;

let test: TestStore;
let folder: string;

const nameOf = (slide: string, number: number) =>
  `SOB_${number % 2 ? 'B_A' : 'M_DC'}-${slide}-40-00${number}.png`;
const run = (command: string, ...args: string[]) =>
  new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const file = fileURLToPath(new URL(`../../apps/cli/src/${command}.ts`, import.meta.url));
    const env = { ...process.env, DATABASE_URL: test.databaseUrl, MICROTOME_HOME: path.join(folder, 'home') };
    execFile(process.execPath, [file, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

beforeAll(async () => {
  test = await createTestStore();
  folder = await mkdtemp(path.join(os.tmpdir(), 'microtome-import-split-'));
  await mkdir(path.join(folder, 'breakhis'));
  for (const [at, slide] of SLIDES.entries()) {
    for (let number = 1; number <= PICTURES; number++) {
      const random = createRandom(at * PICTURES + number);
      const pixels = Buffer.from(Array.from({ length: 32 * 32 * 3 }, () => Math.floor(random.next() * 256)));
      const image = sharp(pixels, { raw: { width: 32, height: 32, channels: 3 } }).png();
      await image.toFile(path.join(folder, 'breakhis', nameOf(slide, number)));
    }
  }
  const rows = SLIDES.flatMap((slide, at) =>
    Array.from({ length: PICTURES }, (_, number) => ({ file: nameOf(slide, number + 1), slide: at, number })),
  );
  const write = (name: string, sideOf: (row: (typeof rows)[number]) => string) =>
    writeFile(
      path.join(folder, name),
      [
        'file,grp',
        ...rows.map((row) => `elsewhere/40X/${row.file},${sideOf(row)}`),
        'elsewhere/SOB_B_A-14-9-40-001.png,test',
      ].join('\n'),
    );
  // Slides 1 and 2 are AB and CD of one number, and so one patient.
  await write('apart.csv', ({ slide }) => (slide < 4 ? 'train' : slide < 6 ? 'dev' : 'test'));
  await write(
    'leaking.csv',
    ({ number, slide }) => ['train', 'dev', 'test', 'train'][(number + slide) % PICTURES] ?? 'train',
  );
  const imported = await run('import', 'breakhis', '--magnification', '40', '--name', 'tissue');
  expect(imported.stderr + imported.stdout).toContain('Imported "tissue"');
}, COMMANDS_TIMEOUT_MS);
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

it(
  'shows, stores, and says what leaks, by files that lie elsewhere',
  async () => {
    const dry = await run('import-split', 'tissue', 'apart.csv', '--dry-run');
    expect(dry).toMatchObject({ status: 0, stdout: expect.stringContaining('No patient is on two sides.') });
    expect(dry.stdout).toContain(
      "The dataset lacks 1 of the list's ids: 'elsewhere/SOB_B_A-14-9-40-001.png'.",
    );
    expect(await test.store.database.prisma.split.count()).toBe(0);
    const stored = await run('import-split', 'tissue', 'apart.csv', '--name', 'theirs');
    expect(stored).toMatchObject({ status: 0, stdout: expect.stringContaining('Stored as "theirs": clean') });
    const leaking = await run('import-split', 'tissue', 'leaking.csv');
    expect(leaking).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('7 patients are on several sides'),
    });
    expect(leaking.stdout).toContain('14-2: 4 patches in TRAIN, 2 patches in VALIDATION, 2 patches in TEST');
    expect(
      await test.store.database.prisma.split.findMany({ select: { kind: true }, orderBy: { id: 'asc' } }),
    ).toEqual([{ kind: 'PATIENT' }, { kind: 'PATCH' }]);
  },
  COMMANDS_TIMEOUT_MS,
);

it('names what is not there', async () => {
  expect(await run('import-split', 'tissues', 'apart.csv')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("There is no dataset 'tissues'. There are: 'tissue'."),
  });
  expect(await run('import-split', 'tissue', 'absent.csv')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('There is no file absent.csv.'),
  });
});

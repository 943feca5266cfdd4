/** Which files are taken for patches by their names, in which order, and which share of them. */
import { createRandom, shuffle } from '@microtome/domain/seeded-random';
import { namePatch, type PlannedPatch } from '@microtome/store/import/plan/planned-patch';
import { selectPatches } from '@microtome/store/import/plan/select-patches';
import { accept, printablePath, type Refusal } from '@microtome/store/import/refusal';
import { createRefusalLog } from '@microtome/store/import/refusal-log';
import type { SourceFile } from '@microtome/store/import/source/patch-source';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planIdcFiles } from '../../fixtures/plan-files.ts';
import { gridOf, patchPath } from './patch-files.ts';

const nameOf = (patch: PlannedPatch) =>
  namePatch(patch, { code: String(patch.classPosition) }, patch.file.path);
const toFile = (path: string): SourceFile => ({ path, read: async () => accept(new Uint8Array()) });

async function planPaths(paths: readonly string[]) {
  const refusals: Refusal[] = [];
  const plan = await planIdcFiles(paths.map(toFile), (refusal) => refusals.push(refusal));
  const { patches: planned, placesFrom } = plan;
  const codes = Object.fromEntries(refusals.map(({ path, code }) => [path, code]));
  return { planned, placesFrom, refusals, codes, paths: planned.map(({ file }) => file.path) };
}

describe('the plan of an import', () => {
  it('orders patches by patient, then row, then column, with places counted from 0', async () => {
    const paths = [
      '9/0/9_idx5_x51_y1_class0.png',
      '9/1/9_idx5_x1_y51_class1.png',
      '10/0/10_idx5_x1_y101_class0.png',
    ];
    const { planned } = await planPaths([...paths].reverse());
    expect(planned.map(({ patientKey, x, y, classPosition }) => [patientKey, x, y, classPosition])).toEqual([
      ['10', 0, 100, 0],
      ['9', 50, 0, 0],
      ['9', 0, 50, 1],
    ]);
  });

  it('finds the layout below any wrapper folder and names patches without it', async () => {
    const path = patchPath({ patient: '101' });
    for (const prefix of ['', 'IDC_regular_ps50_idx5/', 'data/v1/']) {
      const { planned, refusals } = await planPaths([prefix + path]);
      expect(refusals).toEqual([]);
      expect(planned.map(nameOf)).toEqual([path]);
    }
  });

  it('keeps the double copy of the public archive as copies of the outer folder', async () => {
    const paths = [...gridOf('101'), ...gridOf('102')].map(patchPath);
    const copies = paths.map((path) => `IDC_regular_ps50_idx5/${path}`);
    const plan = await planPaths([...copies, ...paths]);
    expect(new Set(plan.paths)).toEqual(new Set(paths));
    expect(plan.planned.flatMap((patch) => patch.copies.map(({ path }) => path)).sort()).toEqual(
      copies.sort(),
    );
    expect(plan.codes).toEqual({});
  });

  it('refuses both classes of a place that appears with both, in every copy', async () => {
    const [benign, malignant] = [patchPath({ label: 0 }), patchPath({ label: 1 })];
    const plan = await planPaths([benign, malignant, `copy/${benign}`, patchPath({ x: 51 })]);
    expect(plan.paths).toEqual([patchPath({ x: 51 })]);
    expect(plan.codes).toEqual({
      [benign]: 'CONFLICTING_CLASS',
      [malignant]: 'CONFLICTING_CLASS',
      [`copy/${benign}`]: 'CONFLICTING_CLASS',
    });
    expect(plan.refusals[0]?.reason).toBe('The place x 1, y 1 of patient 101 appears with several classes.');
  });

  it('takes names that count from 0, and says so: a place at 0 tells it of the whole source', async () => {
    const paths = ['101/0/101_idx5_x0_y50_class0.png', '102/1/102_idx5_x100_y50_class1.png'];
    const { planned, placesFrom, refusals } = await planPaths(paths);
    expect(refusals).toEqual([]);
    expect(placesFrom).toBe(0);
    expect(planned.map(({ x, y }) => [x, y])).toEqual([
      [0, 50],
      [100, 50],
    ]);
    expect((await planPaths(paths.slice(1))).placesFrom).toBe(1);
    // What is no patch of the layout does not tell anything.
    expect((await planPaths([...paths.slice(1), '101_idx5_x0_y50_class0.png'])).placesFrom).toBe(1);
  });

  it('refuses a place where no slide reaches, and takes the last one where one does', async () => {
    const last = ['101/0/101_idx5_x1000000_y1_class0.png', '102/0/102_idx5_x999999_y0_class0.png'];
    const beyond = ['101/0/101_idx5_x1000001_y1_class0.png', '102/0/102_idx5_x1000000_y0_class0.png'];
    const codesOf = (paths: string[]) =>
      Promise.all(paths.map(async (path) => (await planPaths([path])).codes));
    expect(await codesOf(last)).toEqual([{}, {}]);
    expect(await codesOf(beyond)).toEqual(beyond.map((path) => ({ [path]: 'BEYOND_A_SLIDE' })));
    expect((await planPaths(beyond.slice(0, 1))).refusals[0]?.reason).toBe(
      'Its place is x 1,000,001, y 1; no slide has more than 1,000,000 pixels a side.',
    );
  });

  it('says of every other file why it is no patch', async () => {
    const name = '101_idx5_x1_y1_class0.png';
    const expected = {
      '.DS_Store': 'STRAY_FILE',
      'X.npy': 'STRAY_FILE',
      'labels.csv': 'STRAY_FILE',
      '__MACOSX/101/0/._101_idx5_x1_y1_class0.png': 'STRAY_FILE',
      '101/0/photo.png': 'NAME_UNPARSEABLE',
      '101/0/101_idx5_x1000001_y1_class0.png': 'BEYOND_A_SLIDE',
      '101/0/101_idx5_x1_y99999999999_class0.png': 'BEYOND_A_SLIDE',
      '101/0/101_idx5_x1_y1_class2.png': 'NAME_UNPARSEABLE',
      [name]: 'OUTSIDE_LAYOUT',
      [`101/${name}`]: 'OUTSIDE_LAYOUT',
      [`101/benign/${name}`]: 'OUTSIDE_LAYOUT',
      [`101/1/${name}`]: 'CLASS_FOLDER_DISAGREES',
      [`102/0/${name}`]: 'PATIENT_FOLDER_DISAGREES',
    };
    const plan = await planPaths(Object.keys(expected));
    expect(plan.planned).toEqual([]);
    expect(plan.codes).toEqual(expected);
    expect(plan.refusals.every(({ reason }) => /^It.*\.$/.test(reason))).toBe(true);
  });

  it('does not depend on the order in which files are found', async () => {
    const paths = [...gridOf('101'), ...gridOf('102', { columns: 5 })].flatMap((patch) => [
      patchPath(patch),
      `copy/${patchPath(patch)}`,
      `an/other/${patchPath(patch)}`,
    ]);
    const expected = await planPaths(paths);
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const plan = await planPaths(shuffle(paths, createRandom(seed)));
        expect(plan.paths).toEqual(expected.paths);
        expect(plan.codes).toEqual(expected.codes);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a share of the patches', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
  const planOf = async (counts: readonly number[]) => {
    const paths = counts.flatMap((columns, index) =>
      gridOf(`${101 + index}`, { columns, rows: 1 }).map(patchPath),
    );
    return (await planPaths(paths)).planned;
  };
  const countByPatient = (patches: readonly PlannedPatch[]) => {
    const counts = new Map<string, number>();
    for (const { patientKey } of patches) counts.set(patientKey, (counts.get(patientKey) ?? 0) + 1);
    return counts;
  };

  it('has exactly the wanted size, keeps the order, every patient if it can, and small patients whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.integer({ min: 1, max: 300 }),
        fc.nat(),
        async (counts, maxPatches, seed) => {
          const all = await planOf(counts);
          const taken = selectPatches(all, { maxPatches, seed });
          expect(taken.length).toBe(Math.min(all.length, maxPatches));
          expect(taken).toEqual(all.filter((patch) => taken.includes(patch)));
          const [before, after] = [countByPatient(all), countByPatient(taken)];
          expect(after.size).toBe(Math.min(before.size, maxPatches));
          const largest = Math.max(...after.values());
          for (const [patient, count] of after) {
            if (count < before.get(patient)!) expect(count).toBeGreaterThanOrEqual(largest - 1);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is the same for the same seed and another one for another seed', async () => {
    const all = await planOf([40, 40, 5]);
    const take = (seed: number) => selectPatches(all, { maxPatches: 30, seed }).map(nameOf);
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
  });
});

describe('the log of refusals', () => {
  it('counts everything, lists a bounded number of each code, and sorts by path', () => {
    const log = createRefusalLog();
    for (let file = 0; file < 12_000; file++)
      log.add({ path: `d/${file}`, code: 'DUPLICATE', reason: 'Twice.' });
    log.add({ path: 'a\u0007\u202eb', code: 'NOT_AN_IMAGE', reason: 'Text.' });
    expect(log.count()).toBe(12_001);
    expect(log.countsByCode()).toEqual({ DUPLICATE: 12_000, NOT_AN_IMAGE: 1 });
    expect(log.listed().length).toBe(2_001);
    expect(log.listed()[0]).toEqual({ path: 'a\\u0007\\u202eb', code: 'NOT_AN_IMAGE', reason: 'Text.' });
    expect(log.summarize()).toBe('12000 DUPLICATE, 1 NOT_AN_IMAGE');
  });

  it('shows paths without anything that a database refuses or a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 350 }), (path) => {
        const shown = printablePath(path);
        expect(shown).not.toMatch(/\p{Cc}|\p{Cs}/u);
        expect(shown.length).toBeLessThanOrEqual(301);
      }),
    );
    expect(printablePath('101/0/Ünïcode 🔬.png')).toBe('101/0/Ünïcode 🔬.png');
    expect(printablePath('\ud800')).toBe('\\ud800');
    // A long path is cut between characters, not within one.
    for (const path of ['🔬'.repeat(200), `a${'🔬'.repeat(200)}`])
      expect(printablePath(path)).not.toMatch(/\p{Cs}/u);
  });
});

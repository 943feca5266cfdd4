/** What a source tells of its files, as the plan of an import: unit, order, classes, places; and a dataset made of it. */
import { NOTHING_TOLD, type PatchFacts } from '@microtome/domain/source/source-patch';
import { planToldPatches } from '@microtome/store/import/plan/plan-told-patches';
import { namePatch } from '@microtome/store/import/plan/planned-patch';
import { accept, type Refusal } from '@microtome/store/import/refusal';
import { describe, expect, it } from 'vitest';

const SOURCE = { source: 'set', placesFrom: 0 as const, classes: null, task: null, unit: null };

const tell = (path: string, facts: Partial<PatchFacts>) => ({
  file: { path, read: async () => accept(new Uint8Array()) },
  facts: { ...NOTHING_TOLD, className: 'normal', ...facts },
});

function plan(told: ReturnType<typeof tell>[], changes: Partial<Parameters<typeof planToldPatches>[0]> = {}) {
  const refusals: Refusal[] = [];
  const planned = planToldPatches({ ...SOURCE, ...changes, told }, (refusal) => refusals.push(refusal));
  return { ...planned, refusals: refusals.map(({ path, code }) => [path, code]) };
}

describe('the plan of what is told', () => {
  it('is by the largest unit that every patch has, and invents none', () => {
    const slides = [tell('a.png', { patient: 'p', slide: 's1' }), tell('b.png', { slide: 's2' })];
    expect(plan(slides)).toMatchObject({
      unit: 'SLIDE',
      patches: [
        { patientKey: 's1', slideKey: 's1' },
        { patientKey: 's2', slideKey: 's2' },
      ],
    });
    const nothing = plan([tell('b.png', {}), tell('a.png', {})]);
    expect(nothing.unit).toBe('NONE');
    expect(nothing.patches.map(({ file, patientKey, x }) => [file.path, patientKey, x])).toEqual([
      ['a.png', 'unknown', null],
      ['b.png', 'unknown', null],
    ]);
    expect(plan([tell('a.png', { patient: 'p', slide: 's' })], { unit: 'SLIDE' }).unit).toBe('SLIDE');
  });

  it('says what a larger unit would leave out, and leaves it out when that unit is asked for', () => {
    const told = [tell('a.png', { patient: 'p', slide: 's1' }), tell('b.png', { slide: 's2' })];
    expect(plan(told).unitNotice).toBe(
      'The source tells the patient of 1 of 2 patches: to split by patient, ask for the unit PATIENT, which leaves the other 1 out.',
    );
    expect(plan(told, { unit: 'PATIENT' })).toMatchObject({
      unit: 'PATIENT',
      unitNotice: null,
      patches: [{ patientKey: 'p' }],
      refusals: [['b.png', 'NO_UNIT']],
    });
    expect(() => plan(told, { unit: 'GROUP' })).toThrow(
      'It cannot be split by group of copies: the source tells no group of any patch.',
    );
    expect(plan([tell('a.png', { patient: 'p' })]).unitNotice).toBeNull();
    expect(plan([tell('a.png', {})]).unitNotice).toBeNull();
  });

  it('refuses a file whose class or patient holds what cannot be seen, whatever told it', () => {
    const told = [
      tell('a.png', { patient: 'p' }),
      tell('b.png', { patient: 'p\u0000' }),
      tell('c.png', { patient: 'p', className: 'tu\u202emor' }),
      tell('d.png', { patient: 'p', site: 'a\nb' }),
    ];
    expect(plan(told).refusals).toEqual(
      ['b.png', 'c.png', 'd.png'].map((path) => [path, 'NAME_UNPARSEABLE']),
    );
  });

  it('orders patches by patient, slide, row and column, and keeps copies of one place', () => {
    const at = (path: string, x: number, y: number, slide = 's') =>
      tell(path, { patient: 'TCGA-A1-A0SH', slide, x, y });
    const planned = plan([
      at('d', 5, 5),
      at('c', 0, 5),
      at('b', 9, 0),
      at('long/b', 9, 0),
      at('a', 0, 0, 't'),
    ]);
    expect(planned.patches.map(({ file, copies }) => [file.path, copies.length])).toEqual([
      ['b', 1],
      ['c', 0],
      ['d', 0],
      ['a', 0],
    ]);
  });

  it('numbers classes by name, and refuses a patch without one, with a strange one, or with two at one place', () => {
    const place = { patient: 'p', slide: 's', x: 0, y: 0 };
    const planned = plan([
      tell('a', { className: 'TUM' }),
      tell('b', { className: 'ADI' }),
      tell('c', { className: null }),
      tell('d', { ...place, className: 'TUM' }),
      tell('e', { ...place, className: 'ADI' }),
    ]);
    expect(planned.classes.map(({ name }) => name)).toEqual(['ADI', 'TUM']);
    expect(planned.patches.map(({ file, classPosition }) => [file.path, classPosition])).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
    const classes = [{ name: 'ADI', code: 'ADI' }];
    expect(plan([tell('a', { className: 'TUM' })], { classes }).refusals).toEqual([['a', 'NO_CLASS']]);
  });

  it('refuses a slide on two sites by name', () => {
    const on = (path: string, site: string) => tell(path, { patient: 'p', slide: 's', site });
    expect(() => plan([on('a', 'Nijmegen'), on('b', 'Utrecht')])).toThrow(
      "Slide 's' is on two sites, 'Nijmegen' and 'Utrecht' (b).",
    );
  });

  it('names a patch for the digest by unit, class and file, and by what else is told of it', () => {
    const [bare] = plan([tell('any/where/a.png', { patient: 'p' })]).patches;
    const [told] = plan([tell('a.png', { patient: 'p', site: 'Utrecht', subset: 'TEST' })]).patches;
    expect(namePatch(bare!, { code: '1' }, 'any/where/a.png')).toBe('p/1/a.png');
    expect(namePatch(told!, { code: '1' }, 'a.png')).toBe('p/1/a.png\t[null,"Utrecht",null,"TEST",null]');
  });
});

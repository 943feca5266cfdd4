/** How the entries of a list find what of a dataset they name, and what becomes of the sides of the list. */
import { describeImport, keepCrossing } from '@microtome/domain/imported-split/imported-from';
import { findCrossingUnits, importSides } from '@microtome/domain/imported-split/imported-sides';
import type { ListedDataset } from '@microtome/domain/imported-split/listed-dataset';
import { placeList } from '@microtome/domain/imported-split/place-list';
import { SUBSETS } from '@microtome/domain/split/subset';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';

/** Each unit has two slides, each slide two files. */
function makeDataset(units: readonly string[]): ListedDataset {
  const slides = units.flatMap((key, unit) => ['a', 'b'].map((half) => ({ key: `${key}-${half}`, unit })));
  const slideOf = Int32Array.from({ length: slides.length * 2 }, (_, patch) => Math.floor(patch / 2));
  return {
    ...{ name: 'tissue', units, slides, slideOf, fullSize: slideOf.length },
    unitOf: slideOf.map((slide) => slides[slide]!.unit),
    paths: Array.from(slideOf, (slide, patch) => `root/${slides[slide]!.key}/tile ${patch % 2}.PNG`),
  };
}

const DATASET = makeDataset(['P1', 'P2', 'P3', 'P\u00e9']);
const place = (text: string, more: Partial<Parameters<typeof placeList>[0]> = {}) =>
  placeList(
    { files: [{ name: 'l.csv', text }], columns: {}, rule: null, pattern: null, level: null, ...more },
    DATASET,
  );

describe('the entries of a list', () => {
  it.each([
    ['units', 'UNIT', 'id,split\nP1,train\nP2,test', [4, 4]],
    ['units in another case and in decomposed letters', 'UNIT', 'id,split\np1,train\nPe\u0301,test', [4, 4]],
    ['slides, with an ending', 'SLIDE', 'id,split\nscans/P1-a.svs,train\nP2-b,test', [2, 2]],
    [
      'files from anywhere above',
      'FILE',
      'id,split\n/data/root/P1-a/tile 1.png,train\nP2-b\\tile 0.png,test',
      [1, 1],
    ],
    [
      'a column of patients, where no id is known',
      'UNIT',
      'image,patient,split\nx1,P1,train\nx2,P3,test',
      [4, 4],
    ],
    ['JSON lists', 'UNIT', '{"train": ["P1"], "test": ["P2", "P3"]}', [4, 8]],
  ] as const)('name %s', (_, level, text, [train, testing]) => {
    const { found, masks, sides } = place(text);
    expect(sides).toEqual(['TRAIN', 'TEST']);
    expect(found.level).toBe(level);
    expect([masks.filter((mask) => mask & 1).length, masks.filter((mask) => mask & 2).length]).toEqual([
      train,
      testing,
    ]);
  });

  it('that several things may be are left out, and so is what the dataset lacks', () => {
    const { found } = place(
      'id,split\ntile 0.png,train\nP1-a/tile 0.png,train\nP2-a/tile 1.png,test\nP9-a/tile 0.png,test',
    );
    expect(found).toMatchObject({
      ...{
        ambiguous: { count: 1, examples: ['tile 0.png'] },
        unknown: { count: 1, examples: ['P9-a/tile 0.png'] },
      },
      ...{
        unlistedPatches: 14,
        unlistedUnits: { count: 2 },
        partlyListedUnits: { count: 2, examples: ['P1', 'P2'] },
      },
    });
  });

  it('are taken for what is asked', () => {
    expect(() => place('id,split\nP1,train\nP2,test', { level: 'FILE' })).toThrow(
      "None of 2 entries is a file of 'tissue', for example 'P1'.",
    );
  });
});

test('a split by unit comes of a list exactly where no unit is on two sides, whatever the list', () => {
  const entry = fc.record({ patch: fc.nat(15), side: fc.constantFrom(...SUBSETS) });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 12, maxLength: 40 }), (entries) => {
      const rows = entries.map(({ patch, side }) => `${DATASET.paths[patch]},${side}`);
      const sides = new Set(entries.map(({ side }) => side));
      fc.pre(sides.size === 3);
      const placed = place(['file,split', ...rows].join('\n'));
      const crossing = findCrossingUnits(placed, DATASET);
      const told = new Map<string, Set<string>>();
      for (const { patch, side } of entries) {
        const unit = DATASET.units[DATASET.unitOf[patch]!]!;
        told.set(unit, (told.get(unit) ?? new Set()).add(side));
      }
      expect(crossing.map(({ key }) => key)).toEqual(
        [...told]
          .filter(([, on]) => on.size > 1)
          .map(([key]) => key)
          .sort(),
      );
      const counts = { patches: 4, classCounts: [2, 2] };
      const [split] = importSides({
        ...{
          placed,
          dataset: DATASET,
          indexes: Int32Array.from(DATASET.unitOf.keys()),
          seed: 1,
          many: 'patients',
        },
        units: DATASET.units.map((patientKey) => ({ patientKey, ...counts })),
      });
      expect(split!.divided.kind).toBe(crossing.length > 0 ? 'PATCH' : 'PATIENT');
      if (split!.divided.kind !== 'PATCH') return;
      const listed = new Map<number, number>();
      for (const { patch, side } of entries)
        listed.set(patch, (listed.get(patch) ?? 0) | (1 << SUBSETS.indexOf(side)));
      expect([...split!.divided.sides]).toEqual(
        Array.from(DATASET.unitOf, (_, patch) => listed.get(patch) ?? 0),
      );
    }),
  );
});

test('sentences say it by the name of the unit, in the singular too', () => {
  const placed = place('id,split\nP1,train\nP1,test\nP2,val\nP3,test');
  const from = {
    ...placed.found,
    crossing: keepCrossing(findCrossingUnits(placed, DATASET)),
    tookValidation: false,
  };
  expect(describeImport(from, 'GROUP')).toEqual([
    'The ids as they stand. They name groups.',
    "1 group is on several sides: 'P1'. The split is kept as an unsafe one.",
    "The list leaves out 1 group: 'P\u00e9'.",
    '4 patches of the dataset are on no side.',
  ]);
});

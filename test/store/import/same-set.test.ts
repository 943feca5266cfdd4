/**
 * A set is one dataset whichever way it comes: as a folder in the layout of its publisher, in a zip, in a folder around, or
 * told row by row by a manifest. Sets are drawn in the exact shape of each layout that has files of its own.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom, deriveSeed, type SeededRandom } from '@microtome/domain/seeded-random';
import { BREAKHIS_CLASSES } from '@microtome/domain/source/breakhis-name';
import type { LayoutName } from '@microtome/domain/source/layout/layout';
import type { PatchFacts } from '@microtome/domain/source/source-patch';
import type { SplitStrategy } from '@microtome/domain/split/split';
import { importDataset } from '@microtome/store/import/import-dataset';
import { createSplit } from '@microtome/store/split/create-split';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useImportStore } from './import-store.ts';
import { createFolder, drawPng, type FileTree, writeTree, writeZip } from './patch-files.ts';

const storage = useImportStore();

type Picture = { path: string; facts: Partial<PatchFacts> };
type Shape = {
  layout: LayoutName;
  /** Whose keys its patients have, which a manifest has to be told. */
  keysOf: string;
  /** By which it is split; null where nothing says how. */
  strategy: SplitStrategy | null;
  magnification?: number;
  draw(random: SeededRandom): { pictures: Picture[]; tables?: Record<string, string> };
};

const SIDES = ['TRAIN', 'VALIDATION', 'TEST'] as const;
const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const pad = (value: number, digits: number) => String(value).padStart(digits, '0');
const letters = (value: number) =>
  [26 * 26, 26, 1].map((unit) => String.fromCharCode(97 + (Math.floor(value / unit) % 26))).join('');
const pick = <Value>(random: SeededRandom, values: readonly Value[]) =>
  values[Math.floor(random.next() * values.length)] as Value;

const SHAPES: readonly Shape[] = [
  {
    layout: 'wilds',
    keysOf: 'CAMELYON17',
    strategy: 'BY_SITE',
    draw: (random) => {
      const rows = range(6).flatMap((patient) =>
        range(3).map((at) => ({
          patient: 3 * patient,
          node: pick(random, [0, 4]),
          x: 96 * at + 32 * Math.floor(random.next() * 3),
          y: 32 * patient,
          tumor: at % 2,
          centre: patient % 3,
        })),
      );
      const header = ',patient,node,x_coord,y_coord,tumor,slide,center,split';
      const lines = rows.map(
        ({ patient, node, x, y, tumor, centre }, at) =>
          `${at},${pad(patient, 3)},${node},${x},${y},${tumor},${patient},${centre},0`,
      );
      const pictures = rows.map(({ patient, node, x, y, tumor, centre }) => {
        const slide = `patient_${pad(patient, 3)}_node_${node}`;
        return {
          path: `patches/${slide}/patch_${slide}_x_${x}_y_${y}.png`,
          facts: {
            ...{ patient: pad(patient, 3), slide, site: `centre ${centre}`, x, y },
            ...{ className: tumor === 1 ? 'tumor' : 'normal', subset: SIDES[centre] },
          },
        };
      });
      return { pictures, tables: { 'metadata.csv': [header, ...lines].join('\n') } };
    },
  },
  {
    layout: 'breakhis',
    keysOf: 'BreakHis',
    strategy: 'PATIENT_STRATIFIED',
    magnification: 40,
    draw: (random) => ({
      pictures: Object.entries(BREAKHIS_CLASSES).flatMap(
        ([subtype, { name: className, isMalignant }], kind) =>
          range(6).map((at) => {
            // Two slides of one patient differ by letters.
            const stem = `22${kind}${pad(Math.floor(at / 2), 2)}`;
            const slide = `${stem}${at % 2 === 0 ? 'AB' : pick(random, ['', 'CD'])}`;
            const [letter, side] = isMalignant ? ['M', 'malignant'] : ['B', 'benign'];
            return {
              path: `BreaKHis_v1/${side}/SOB/40X/SOB_${letter}_${subtype}-14-${slide}-40-${pad(at + 1, 3)}.png`,
              facts: { patient: `14-${stem}`, slide: `14-${slide}`, className },
            };
          }),
      ),
    }),
  },
  {
    layout: 'tcga-tiles',
    keysOf: 'TCGA',
    strategy: 'PATIENT_STRATIFIED',
    draw: (random) => ({
      pictures: range(12).map((at) => {
        const site = pick(random, ['A1', 'AD', 'E2']);
        const slide = `TCGA-${site}-6${pad(Math.floor(at / 2), 3)}-01Z-00-DX1`;
        const [x, y] = [512 * at, 512 * Math.floor(random.next() * 9)];
        const className = at % 2 === 0 ? 'MSI' : 'MSS, stable';
        return {
          path: `${className}/${slide}/Tile_(${x},${y}).png`,
          facts: { patient: slide.slice(0, 12), slide, site, x, y, className },
        };
      }),
    }),
  },
  {
    layout: 'lc25000',
    keysOf: 'LC25000',
    strategy: 'PATIENT_STRATIFIED',
    draw: (random) => {
      const pictures = range(16).map((at) => {
        const className = at % 2 === 0 ? 'lung_aca' : 'lung_n';
        const name = `${className.replace('_', '')}${at + 1}.png`;
        const group = `${className}/${Math.floor(at / 4) + 10 * Math.floor(random.next() * 2)}`;
        return { path: `lung_image_sets/${className}/${name}`, facts: { className, group } };
      });
      const tables = Object.fromEntries(
        ['lung_aca', 'lung_n'].map((className) => {
          const own = pictures.filter(({ facts }) => facts.className === className);
          const lines = own.map(({ path, facts }) => `${facts.group.split('/')[1]},${path}`);
          return [`${className}_final_clusters.csv`, ['cluster_label,img_path', ...lines].join('\n')];
        }),
      );
      return { pictures, tables };
    },
  },
  {
    layout: 'mhist',
    keysOf: 'MHIST',
    strategy: 'PUBLISHED',
    draw: (random) => {
      const first = Math.floor(random.next() * 1000);
      const pictures = range(9).map((at) => {
        const subset = SIDES[at % 3];
        const className = at < 3 ? 'HP' : at < 6 ? 'SSA' : pick(random, ['HP', 'SSA']);
        return { path: `images/MHIST_${letters(first + at)}.png`, facts: { className, subset } };
      });
      const lines = pictures.map(
        ({ path, facts }) =>
          `${path.slice('images/'.length)},${facts.className},4,${facts.subset?.toLowerCase()}`,
      );
      const header =
        'Image Name,Majority Vote Label,Number of Annotators who Selected SSA (Out of 7),Partition';
      return { pictures, tables: { 'annotations.csv': [header, ...lines].join('\n') } };
    },
  },
  {
    layout: 'class-folders',
    keysOf: 'class-folders',
    strategy: 'PUBLISHED',
    draw: (random) => ({
      pictures: range(12).map((at) => {
        const [folder, subset] = [['train', 'valid', 'test'] as const, SIDES].map((sides) => sides[at % 3]!);
        const className = at % 2 === 0 ? 'Stroma (lockér)' : 'Tumör';
        const name = `${Math.floor(random.next() * 1e6)}, ${at}.png`;
        return {
          path: `${folder}/${className}/${name}`,
          facts: { className, subset: subset as (typeof SIDES)[number] },
        };
      }),
    }),
  },
  {
    layout: 'pcam-kaggle',
    keysOf: 'PCam',
    strategy: null,
    draw: (random) => {
      const pictures = range(8).map((at) => {
        const id = range(40)
          .map(() => Math.floor(random.next() * 16).toString(16))
          .join('');
        return { path: `train/${id}.png`, facts: { className: at % 2 === 0 ? 'normal' : 'tumor' } };
      });
      const lines = pictures.map(
        ({ path, facts }) =>
          `${path.slice('train/'.length, -'.png'.length)},${facts.className === 'tumor' ? 1 : 0}`,
      );
      return { pictures, tables: { 'train_labels.csv': ['id,label', ...lines].join('\n') } };
    },
  },
];

const COLUMNS = {
  ...{ patient: 'patient', slide: 'slide', site: 'site', group: 'group', className: 'label' },
  ...{ x: 'x', y: 'y', subset: 'subset' },
} as const;
const quote = (cell: unknown) => `"${String(cell ?? '')}"`;

/** Rows in another order than the files', with all that the layout would have told. */
async function writeManifest(pictures: readonly Picture[]): Promise<string> {
  const told = (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).filter((key) =>
    pictures.some(({ facts }) => facts[key] !== undefined),
  );
  const lines = pictures
    .toReversed()
    .map(({ path, facts }) => [quote(path), ...told.map((key) => quote(facts[key]))].join(','));
  const manifest = join(await createFolder(), 'list.csv');
  await writeFile(manifest, [['file', ...told.map((key) => COLUMNS[key])].join(','), ...lines].join('\n'));
  return manifest;
}

it.each(SHAPES)(
  'of $layout is one dataset as a folder, in a zip, in a folder around, and by a manifest',
  async ({ layout, keysOf, strategy, magnification, draw }) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { pictures, tables = {} } = draw(createRandom(seed));
        const files: FileTree = {};
        for (const { path } of pictures) files[path] = await drawPng({ seed: deriveSeed(seed, path) });
        const written = Object.entries(tables).map(([name, text]) => [name, Buffer.from(text)] as const);
        const tree: FileTree = { ...files, ...Object.fromEntries(written) };
        const around = Object.fromEntries(
          Object.entries(tree).map(([path, bytes]) => [`disk/A/${path}`, bytes]),
        );
        const manifest = await writeManifest(pictures);
        const ways = [
          { path: await writeTree(tree), magnification },
          { path: await writeZip(tree, { compress: true }), magnification },
          { path: await writeTree(around), layout, magnification },
          { path: await writeTree(files), manifest, patientsOf: keysOf },
          { path: await writeZip(files), manifest, patientsOf: keysOf },
        ];
        const seen = [];
        for (const way of ways) seen.push(await importAndSplit(way, strategy));
        for (const other of seen) expect(other).toEqual(seen[0]);
        expect(seen[0]?.patches).toHaveLength(pictures.length);
      }),
      { numRuns: 2 },
    );
  },
  240_000,
);

type Way = Omit<Parameters<typeof importDataset>[0], 'database' | 'artifacts'>;

/** What is the same whichever way it came, from an empty store. */
async function importAndSplit(way: Way, strategy: SplitStrategy | null) {
  await storage.empty();
  const { database, artifacts } = storage.get();
  const { datasetId, report } = await importDataset({ database, artifacts, ...way });
  const splits = strategy ? await createSplit(storage.get(), { datasetId, strategy, seed: 1 }) : [];
  const { rows: patches } = await database.pool.query(
    `select index, encode(pixel_hash, 'hex') as pixels, x, y, name as class, given_subset, slide.key, slide.site,
       patient.key as unit
     from patch join slide on slide.id = patch.slide_id join patient on patient.id = slide.patient_id
       join dataset_class on dataset_class.dataset_id = patch.dataset_id and position = class
     where patch.dataset_id = $1 order by index`,
    [datasetId],
  );
  const { digest, unit, classes } = report;
  return { digest, unit, classes, patches, splits: splits.map((split) => split.digest) };
}

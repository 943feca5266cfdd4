/**
 * The samples of the layouts page: for each layout a folder or file, what its pictures are, and the options that its
 * import takes. Real files are read where they lie; what exists only as a list of names is drawn under these names.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { getFileName } from '@microtome/domain/source/file-path';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import { openTableAt } from '@microtome/store/import/table/open-table';
import { drawPictures, type WantedPicture } from './draw-pictures.ts';

export type Sample = {
  title: string;
  /** What the pictures and their names are. */
  pictures: 'real' | 'drawn, under real names' | 'drawn, names made';
  /** As it stands in the command on the page. */
  shownPath: string;
  options: string[];
  /** Makes the sample in a folder of its own, or says where it lies. Resolves to its path. */
  prepare(room: Room): Promise<string>;
};

type Room = {
  /** Where the samples of real layouts are. */
  layoutsDir: string;
  /** Empty, for this sample. */
  folder: string;
  seed: number;
};

const LC25000_CLASSES = ['colon_aca', 'colon_n', 'lung_aca', 'lung_n', 'lung_scc'];
/** One picture of this many is drawn: groups stay, some with fewer copies. */
const LC25000_STRIDE = 10;
const GTEX_TILES = 300;

/** The IDC set lies next to the folder of layouts. */
const findIdc = (layoutsDir: string) => join(layoutsDir, '..', 'idc-mini.zip');

export const SAMPLES: readonly Sample[] = [
  {
    title: 'IDC, a folder a patient',
    pictures: 'real',
    shownPath: 'idc-mini.zip',
    options: [],
    prepare: async ({ layoutsDir }) => findIdc(layoutsDir),
  },
  {
    title: 'IDC, flattened into class folders',
    pictures: 'real',
    shownPath: 'train',
    options: [],
    prepare: flattenIdc,
  },
  {
    title: 'PatchCamelyon in class folders',
    pictures: 'real',
    shownPath: 'pcam-class-folders',
    options: [],
    prepare: async ({ layoutsDir }) => join(layoutsDir, 'pcam-class-folders'),
  },
  {
    title: 'PatchCamelyon in HDF5',
    pictures: 'real',
    shownPath: 'pcam-h5-derived',
    options: [],
    prepare: async ({ layoutsDir }) => join(layoutsDir, 'pcam-h5-derived'),
  },
  {
    title: 'PatchCamelyon as on Kaggle',
    pictures: 'drawn, under real names',
    shownPath: 'histopathologic-cancer-detection',
    options: [],
    prepare: drawKaggle,
  },
  {
    title: 'BreakHis',
    pictures: 'drawn, under real names',
    shownPath: 'BreaKHis_v1',
    options: ['--magnification', '40', '--not-square', 'CROP'],
    prepare: drawBreakhis,
  },
  {
    title: 'Kather, NCT-CRC-HE',
    pictures: 'real',
    shownPath: 'kather-crc',
    options: [],
    prepare: async ({ layoutsDir }) => join(layoutsDir, 'kather-crc'),
  },
  {
    title: 'LC25000 with its groups of copies',
    pictures: 'drawn, under real names',
    shownPath: 'LC25000',
    options: [],
    prepare: drawLc25000,
  },
  {
    title: 'MHIST',
    pictures: 'drawn, names made',
    shownPath: 'mhist',
    options: [],
    prepare: drawMhist,
  },
  {
    title: 'Tiles of a TCGA slide',
    pictures: 'real',
    shownPath: 'features-h5',
    options: ['--unlabelled'],
    prepare: async ({ layoutsDir }) => join(layoutsDir, 'features-h5'),
  },
  {
    title: 'GTEx tiles by a manifest',
    pictures: 'drawn, under real names',
    shownPath: 'gtex',
    options: ['--manifest', 'gtex_test_tiles_patientwise.csv'],
    prepare: drawGtex,
  },
  {
    title: 'Outlines without pictures',
    pictures: 'real',
    shownPath: 'annotations',
    options: [],
    prepare: async ({ layoutsDir }) => join(layoutsDir, 'annotations'),
  },
  {
    title: 'Files that are no slides',
    pictures: 'real',
    shownPath: 'wsi-hostile',
    options: [],
    prepare: async ({ layoutsDir }) => join(layoutsDir, 'wsi-hostile'),
  },
];

async function flattenIdc({ layoutsDir, folder }: Room): Promise<string> {
  const root = join(folder, 'train');
  for (const label of ['0', '1']) await mkdir(join(root, label), { recursive: true });
  const source = await openPatchSource(findIdc(layoutsDir));
  const files = await source.scan({ refuse: () => {}, signal: new AbortController().signal });
  for (const file of files) {
    const name = getFileName(file.path);
    const bytes = await file.read();
    if (bytes.ok) await writeFile(join(root, /class1/.test(name) ? '1' : '0', name), bytes.value);
  }
  await source.close();
  return root;
}

async function drawKaggle({ layoutsDir, folder, seed }: Room): Promise<string> {
  const table = join(layoutsDir, 'kaggle-histopathologic-cancer', 'train_labels.head200.csv');
  const rows = await readColumns(table, ['id', 'label']);
  const pictures = rows.map(([id = '', label]) => ({
    path: `train/${id}.tif`,
    ...square(96),
    stainKey: id,
    isTumor: label === '1',
  }));
  await drawPictures(folder, pictures, seed);
  await copyFile(table, join(folder, 'train_labels.csv'));
  return folder;
}

/** One magnification of all that there are: the layout would ask for one of several. */
async function drawBreakhis({ layoutsDir, folder, seed }: Room): Promise<string> {
  const rows = await readColumns(join(layoutsDir, 'breakhis', 'mysplit.csv'), ['path', 'tumor_class']);
  const pictures = rows
    .filter(([path = '']) => path.includes('/40X/'))
    .map(([path = '', tumorClass]) => ({
      path,
      widthPx: 700,
      heightPx: 460,
      stainKey: path.split('/').at(-3) ?? '',
      isTumor: tumorClass === 'M',
    }));
  await drawPictures(folder, pictures, seed);
  return folder;
}

async function drawLc25000({ layoutsDir, folder, seed }: Room): Promise<string> {
  const pictures: WantedPicture[] = [];
  for (const className of LC25000_CLASSES) {
    const table = join(layoutsDir, 'lc25000-groups', `${className}_final_clusters.csv`);
    const rows = await readColumns(table, ['img_path', 'cluster_label']);
    for (const [at, [path = '', group]] of rows.entries()) {
      if (at % LC25000_STRIDE > 0) continue;
      pictures.push({
        path: `${className}/${getFileName(path)}`,
        ...square(96),
        stainKey: `${className} ${group}`,
        isTumor: !className.endsWith('_n'),
      });
    }
    await copyFile(table, join(folder, basename(table)));
  }
  await drawPictures(folder, pictures, seed);
  return folder;
}

async function drawMhist({ folder, seed }: Room): Promise<string> {
  const names = Array.from({ length: 60 }, (_, at) => {
    const letters = [676, 26, 1].map((of) => String.fromCharCode(97 + (Math.floor(at / of) % 26)));
    return {
      name: `MHIST_${letters.join('')}.png`,
      isSsa: at % 3 === 0,
      part: at % 4 === 0 ? 'test' : 'train',
    };
  });
  const pictures = names.map(({ name, isSsa }) => ({
    path: `images/${name}`,
    ...square(224),
    stainKey: name,
    isTumor: isSsa,
  }));
  await drawPictures(folder, pictures, seed);
  const head = 'Image Name,Majority Vote Label,Number of Annotators who Selected SSA (Out of 7),Partition';
  const rows = names.map(({ name, isSsa, part }) => `${name},${isSsa ? 'SSA,5' : 'HP,1'},${part}`);
  await writeFile(join(folder, 'annotations.csv'), `${[head, ...rows].join('\n')}\n`);
  return folder;
}

/** Some tiles of the list, evenly spread; the other rows are told to have no file. */
async function drawGtex({ layoutsDir, folder, seed }: Room): Promise<string> {
  const table = join(layoutsDir, 'manifests', 'gtex_test_tiles_patientwise.csv');
  const rows = await readColumns(table, ['tile_filename', 'Subject ID', 'Tissue']);
  const named = rows.filter(([tile]) => tile);
  const step = Math.max(1, Math.floor(named.length / GTEX_TILES));
  const pictures = named
    .filter((_, at) => at % step === 0)
    .map(([tile = '', subject = '', tissue = '']) => ({
      path: tile,
      ...square(128),
      stainKey: subject,
      isTumor: tissue.length % 2 === 0,
    }));
  await drawPictures(folder, pictures, seed);
  await copyFile(table, join(folder, basename(table)));
  return folder;
}

function square(sizePx: number): { widthPx: number; heightPx: number } {
  return { widthPx: sizePx, heightPx: sizePx };
}

async function readColumns(table: string, columns: readonly string[]): Promise<string[][]> {
  if (!existsSync(table)) throw new Error(`${table} is not there: give the folder of samples by --samples.`);
  const opened = await openTableAt(table);
  const positions = columns.map((column) => opened.columns.indexOf(column));
  const rows: string[][] = [];
  for await (const batch of opened.batches) {
    for (const { cells } of batch) rows.push(positions.map((position) => cells[position] ?? ''));
  }
  await opened.close();
  return rows;
}

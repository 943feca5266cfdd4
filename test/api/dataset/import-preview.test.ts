/** What an import would bring in, asked of the API: the same input that imports it, and what is wrong at its field. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createImportPreviews } from '../../../apps/api/src/dataset/import-previews.ts';
import { drawPng, writeTree, writeZip } from '../../store/import/patch-files.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let folder: string;

const ROWS = ['case number,tissue,file', 'P1_a,tumor,a.png', 'P1_b,normal,b.png', 'P2_a,tumor,c.png'];
const PREVIEW = `query ($input: ImportDatasetInput!) { previewImport(input: $input) {
  fileCount tables layouts { name share } layout { name } rule refusedCount
  manifest { columns { name key } rows { line cells } counts { rows rowsWithoutFile filesWithoutRow filesTwice } }
  counts { patches patients slides withoutClass unit { kind } units { unit lacking } taskName positive classes { name patches } }
  samples { path text patient className } refusals { path code reason } problem { field message } } }`;

beforeAll(async () => {
  api = await startTestApi();
  folder = join(api.importRoot, 'tiles');
  const tree = Object.fromEntries(
    await Promise.all(['a', 'b', 'c'].map(async (name, seed) => [`${name}.png`, await drawPng({ seed })])),
  );
  await mkdir(folder);
  await writeTree({ ...tree, 'what.csv': Buffer.from(ROWS.join('\n')) }, folder);
});
afterAll(() => api.close());

const preview = async (input: object) => {
  const answer = await api.ask<{ previewImport: unknown }>(PREVIEW, { input: { path: folder, ...input } });
  return answer.previewImport;
};

describe('a look at an import', () => {
  it('tells the manifest with what its columns were taken for, and what would come in', async () => {
    expect(await preview({})).toMatchObject({
      ...{ fileCount: 4, tables: ['what.csv'], layout: null, layouts: [], counts: null },
      problem: {
        field: null,
        message: expect.stringMatching(/^Nothing to import .*a manifest tells any other\.$/),
      },
    });
    const map = [{ key: 'LABEL', column: 'tissue' }];
    const found = await preview({ manifest: 'what.csv', map });
    expect(found).toMatchObject({
      layout: null,
      manifest: {
        columns: [
          { name: 'case number', key: null },
          { name: 'tissue', key: 'LABEL' },
          { name: 'file', key: 'PATH' },
        ],
        counts: { rows: 3, rowsWithoutFile: 0, filesWithoutRow: 0, filesTwice: 0 },
      },
      counts: {
        patches: 3,
        patients: null,
        unit: { kind: 'NONE' },
        units: [{ unit: 'NONE', lacking: 0 }],
        positive: ['tumor'],
      },
      problem: null,
    });
    const mapped = [...map, { key: 'PATIENT', column: 'case number' }];
    const ruled = { manifest: 'what.csv', map: mapped, patientRule: 'REGEX', patientPattern: '^(P\\d)_a' };
    expect(await preview(ruled)).toMatchObject({
      counts: {
        patches: 2,
        patients: 2,
        unit: { kind: 'PATIENT' },
        units: [
          { unit: 'PATIENT', lacking: 0 },
          { unit: 'NONE', lacking: 0 },
        ],
      },
      samples: [
        { path: 'a.png', text: 'P1_a', patient: 'P1', className: 'tumor' },
        { path: 'b.png', text: 'P1_b', patient: null },
        { path: 'c.png', text: 'P2_a', patient: 'P2' },
      ],
      refusals: [{ path: 'b.png', code: 'NO_PATIENT', reason: "The rule reads no patient from 'P1_b'." }],
    });
  });

  it.each([
    [
      'map',
      {
        map: [
          { key: 'X', column: 'tissue' },
          { key: 'Y', column: 'file' },
        ],
      },
      /^No column of what\.csv names/,
    ],
    ['map', { map: [{ key: 'LABEL', column: 'grade' }] }, /^The table has no column 'grade'/],
    ['manifest', { map: [{ key: 'SUBSET', column: 'tissue' }] }, /^what\.csv, line 2: the subset is 'tumor'/],
    ['positive', { map: [{ key: 'LABEL', column: 'tissue' }], positive: ['cancer'] }, /no class 'cancer'/],
    ['unit', { unit: 'PATIENT', map: [{ key: 'LABEL', column: 'tissue' }] }, /tells no patient of any patch/],
  ])('says of a wrong %s what is wrong there, and still shows the rows', async (field, input, sentence) => {
    expect(await preview({ manifest: 'what.csv', ...input })).toMatchObject({
      problem: { field, message: expect.stringMatching(sentence) },
      counts: null,
      manifest: { rows: [{ line: 2, cells: ['P1_a', 'tumor', 'a.png'] }, { line: 3 }, { line: 4 }] },
    });
  });

  it('refuses options that cannot be, and files outside the roots', async () => {
    const fail = (input: object) => api.fail(PREVIEW, { input: { path: folder, ...input } });
    expect(await fail({ patientPattern: '(' })).toMatchObject({ code: 'BAD_INPUT' });
    expect(await fail({ micronsPerPixel: -1 })).toEqual({
      code: 'BAD_INPUT',
      message: 'The import cannot start: micronsPerPixel must be above 0.',
    });
    for (const manifest of ['/etc/passwd', '../../what.csv'])
      expect(await fail({ manifest })).toMatchObject({ code: 'FORBIDDEN' });
    const zip = await writeZip({ 'a.png': await drawPng({}) });
    expect(await fail({ path: zip })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is imported by the same input, with every choice', async () => {
    const input = {
      path: folder,
      manifest: 'what.csv',
      map: [
        { key: 'LABEL', column: 'tissue' },
        { key: 'PATIENT', column: 'case number' },
      ],
      patientRule: 'REGEX',
      patientPattern: '^(P\\d)',
      patientsOf: 'Utrecht',
      positive: ['normal'],
      micronsPerPixel: 0.5,
    };
    const started = await api.ask<{ importDataset: { id: string } }>(
      'mutation ($input: ImportDatasetInput!) { importDataset(input: $input) { id } }',
      { input },
    );
    const states = api.follow<{ datasetImport: { status: string; error: string | null; dataset: unknown } }>(
      `subscription ($id: ID!) { datasetImport(id: $id) { status error
         dataset { patientCount classes { name } tasks { positiveName } } } }`,
      { id: started.importDataset.id },
    );
    let last: unknown;
    for await (const { datasetImport } of states) last = datasetImport;
    expect(last).toEqual({
      status: 'SUCCEEDED',
      error: null,
      dataset: {
        patientCount: 2,
        classes: [{ name: 'normal' }, { name: 'tumor' }],
        tasks: [{ positiveName: 'normal' }],
      },
    });
    const slides = await api.store.database.prisma.slide.findMany({ select: { micronsPerPixel: true } });
    expect(slides.every(({ micronsPerPixel }) => micronsPerPixel === 0.5)).toBe(true);
    const patients = await api.store.database.prisma.patient.findMany({ orderBy: { key: 'asc' } });
    expect(patients.map(({ source, key }) => `${source} ${key}`)).toEqual(['Utrecht P1', 'Utrecht P2']);
  });
});

describe('looks', () => {
  it('of too many at once is refused for the moment, and the others are answered', async () => {
    const previews = createImportPreviews();
    const { signal } = new AbortController();
    try {
      const looks = Array.from({ length: 24 }, () => previews.look({ path: folder }, signal));
      const ends = await Promise.allSettled(looks);
      const refused = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason.message)] : []));
      expect(new Set(refused)).toEqual(new Set(['18 sources are looked at already: try again in a moment.']));
      expect(refused).toHaveLength(6);
    } finally {
      await previews.close();
    }
  });

  it('that takes more memory than it may is ended with a sentence, not with the process', async () => {
    const large = join(api.importRoot, 'large');
    await mkdir(large);
    const rows = Array.from({ length: 400_000 }, (_, row) => `P${row},tumor,${row}.png`);
    await writeFile(join(large, 'rows.csv'), ['case,tissue,file', ...rows].join('\n'));
    const previews = createImportPreviews({ memoryMaxMb: 24 });
    const { signal } = new AbortController();
    try {
      await expect(previews.look({ path: large, manifest: 'rows.csv' }, signal)).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: `Looking at ${large} takes more than 24 MiB of memory and was stopped.`,
      });
    } finally {
      await previews.close();
    }
  });

  it('end at their time limit with the thread that they ran in, and with their client', async () => {
    const table = join(folder, 'long.csv');
    await writeFile(table, `file,label\n${'a.png,x\n'.repeat(1_000_000)}`);
    const impatient = createImportPreviews({ timeLimitMs: 300 });
    const { signal } = new AbortController();
    const input = { path: folder, manifest: table };
    await expect(impatient.look(input, signal)).rejects.toThrow(/ took longer than 0\.3 s and was stopped/);
    await impatient.close();
    const patient = createImportPreviews();
    const gone = new AbortController();
    const look = patient.look(input, gone.signal);
    gone.abort();
    await expect(look).rejects.toThrow(/^The look at .* was ended before it was done\.$/);
    await patient.close();
    await expect(patient.look(input, signal)).rejects.toThrow('The work stopped');
  });
});

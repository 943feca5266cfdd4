/** The certificate of a stored split: page, PDF and JSON say the same, and its list makes it again. */
import { judgeLists } from '@microtome/domain/listed-split/judge-lists';
import {
  compareCertificates,
  makeCertificate,
  parseCertificate,
  type SplitCertificate,
} from '@microtome/domain/listed-split/split-certificate';
import { createSplit } from '@microtome/store/split/create-split';
import { importSplit } from '@microtome/store/split/import-split';
import { auditStoredSplit } from '@microtome/store/split/split-audit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DatasetOptions, insertDataset } from '../../fixtures/dataset.ts';
import { readPdfText } from '../read-pdf.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const SHAPE = { patients: 10, patchesPerPatient: 9, patchSizePx: 8 };

let api: TestApi;
let seed = 0;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const insert = (options: Partial<DatasetOptions> = {}) => {
  seed += 1;
  return insertDataset(api.store, { ...SHAPE, seed, ...options });
};

/** The certificate as it is downloaded, after it was made again from the list. */
async function certify(splitId: string) {
  const text = await (await api.get(`/splits/${splitId}/certificate.json`)).text();
  const list = await (await api.get(`/splits/${splitId}/list.csv`)).text();
  const certificate = parseCertificate(text, 'certificate.json');
  const request = { columns: {}, rule: certificate.rule.name, pattern: certificate.rule.pattern };
  const again = judgeLists({ ...request, files: [{ name: 'list.csv', text: list }] });
  expect(compareCertificates(certificate, makeCertificate(again.audit, again.entries))).toEqual([]);
  const moved = judgeLists({
    ...request,
    files: [{ name: 'list.csv', text: list.replace(/TRAIN$/m, 'TEST') }],
  });
  expect(compareCertificates(certificate, makeCertificate(moved.audit, moved.entries))).toContain('sides');
  return { certificate, list };
}

it('says of a clean split by patient what was divided, checked and found', async () => {
  const { datasetId } = await insert({ name: 'tissue', siteOf: (patient) => `centre ${patient % 2}` });
  const [split] = await createSplit(api.store, { datasetId, strategy: 'PATIENT_STRATIFIED' });
  const before = await certify(split!.id);
  expect(before.certificate.kept?.audit).toBeNull();
  await auditStoredSplit(api.store, { splitId: split!.id });
  const { certificate, list } = await certify(split!.id);
  expect(list).toMatch(/^patient,site,subset\n/);
  expect(certificate).toMatchObject({
    ...{ unit: 'PATIENT', units: 10, isClean: true, sharedUnits: [] },
    kept: {
      dataset: { name: 'tissue', unit: 'PATIENT' },
      split: { isUnsafe: false },
      audit: { passed: true },
    },
  });
  expect(certificate.sites.map(({ site }) => site)).toEqual(['centre 0', 'centre 1']);
  expect(certificate.kept?.statement).toMatch(
    /^The dataset 'tissue' was divided by patient into TRAIN \(6 patients, 54 patches\), VALIDATION .* and TEST .*\. The sides are disjoint: no patient is on more than one of them\. 2 of 2 sites are on more than one side\. An audit of the images found no repeated/,
  );
  const { split: shown } = await api.ask<{ split: { certificate: Record<string, unknown> } }>(
    `query ($id: ID!) { split(id: $id) { certificate { statement isClean sides { side units patches idsDigest shared }
      checked notChecked sharedCount sites { site units { side units } } } } }`,
    { id: split!.id },
  );
  expect(shown.certificate).toMatchObject({
    ...{ statement: certificate.kept?.statement, isClean: true, sharedCount: 0 },
    sides: certificate.sides.map(({ side, units, idsDigest }) => ({ side, units, idsDigest })),
  });
  const pdf = await api.get(`/splits/${split!.id}/certificate.pdf`);
  expect(pdf.headers.get('content-type')).toBe('application/pdf');
  const paper = await readPdfText(pdf);
  expect(paper).toContain('Stratified by patient, seed 1 tissue, split by patient Clean: nothing was found');
  holdPaper(paper, certificate);
});

/** Everything that the JSON says stands on paper too: counts, whole digests, sentences. */
function holdPaper(
  paper: string,
  { sides, sites, checked, notChecked, kept, sharedUnits }: SplitCertificate,
): void {
  if (!kept) throw new Error('It is of a split that is kept.');
  const patchesOf = new Map(kept.patches.map(({ side, patches }) => [side, patches]));
  for (const { side, units, shared, idsDigest } of sides) {
    expect(paper).toContain(`${side} ${units} ${patchesOf.get(side)} ${shared}`);
    expect(idsDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(paper).toContain(`${side} ${idsDigest}`);
  }
  for (const { site, units } of sites) {
    const counts = sides.map(({ side }) => units.find((own) => own.side === side)?.units ?? 0);
    expect(paper).toContain([site, ...counts].join(' '));
  }
  expect(paper).toContain(`split ${kept.split.digest}`);
  expect(paper).toContain(`dataset ${kept.dataset.digest}`);
  // Once the images were audited, the first of what a list cannot tell was looked at.
  const open = kept.audit ? [...notChecked.slice(1), ...kept.audit.notes] : notChecked;
  const { checked: seen = [], reasons = [] } = kept.audit ?? {};
  const sentences = [kept.statement, ...checked, ...seen, ...open, ...(kept.split.isUnsafe ? reasons : [])];
  for (const sentence of sentences) expect(paper).toContain(sentence);
  if (sharedUnits.length > 0) expect(paper).toContain(sharedUnits.join(', '));
  expect(paper).toContain('npm run audit-split -- --certificate certificate.json --list list.csv');
}

const readPaper = async (splitId: string) => readPdfText(await api.get(`/splits/${splitId}/certificate.pdf`));

it('says of slides that patients are not known, and of a leaking list who is on several sides', async () => {
  const { datasetId, patientKeys } = await insert({ unit: 'SLIDE' });
  const rows = patientKeys.map((key, at) => `${key},${at < 6 ? 'train' : at < 8 ? 'val' : 'test'}`);
  const text = ['slide,set', ...rows, `${patientKeys[1]},test`].join('\n');
  const { splits } = await importSplit(api.store, {
    ...{ datasetId, columns: {}, rule: null, pattern: null, level: null },
    files: [{ name: 'list.csv', text }],
  });
  const { certificate, list } = await certify(splits[0]!.id);
  expect(list).toMatch(/^slide,subset\n/);
  expect(certificate).toMatchObject({
    unit: 'SLIDE',
    isClean: false,
    sharedUnits: [patientKeys[1]],
    kept: { split: { isUnsafe: true } },
  });
  expect(certificate.kept?.statement).toContain('1 slide is on more than one side');
  expect(certificate.kept?.statement).toContain('Patients are not known.');
  const paper = await readPaper(splits[0]!.id);
  expect(paper).toContain('Unsafe: the sides are not independent');
  expect(paper).toContain(`On several sides: 1 slide ${patientKeys[1]}`);
  holdPaper(paper, certificate);
});

it('says of unknown patients that nothing can be said, patch by patch', async () => {
  const givenOf = ({ place }: { place: number }) =>
    place % 3 === 0 ? ('TEST' as const) : ('TRAIN' as const);
  const { datasetId } = await insert({
    patients: 1,
    patchesPerPatient: 60,
    patientKeys: ['5'],
    unit: 'NONE',
    givenOf,
  });
  const [split] = await createSplit(api.store, { datasetId, strategy: 'PUBLISHED' });
  const { certificate, list } = await certify(split!.id);
  expect(list.split('\n')[1]).toMatch(/^5_idx5_x\d+_y\d+_class[01]\.png,/);
  expect(certificate).toMatchObject({ unit: 'ID', units: 60 });
  expect(certificate.kept?.statement).toContain(
    'Patients are not known, so the sides cannot be said to be independent.',
  );
  const paper = await readPaper(split!.id);
  expect(paper).toContain('side files patches');
  holdPaper(paper, certificate);
});

it('is of a split that there is', async () => {
  const absent = await api.get('/splits/0198a000-0000-7000-8000-000000000000/certificate.json');
  expect(absent.status).toBe(404);
  expect((await api.get('/splits/nothing/certificate.pdf')).status).toBe(404);
});

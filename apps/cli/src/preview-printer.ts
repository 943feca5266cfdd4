/** What `npm run import -- PATH --dry-run` prints: what the import would bring in, and what it would leave out. */
import type { ImportPreview } from '@microtome/store/import/preview-import';

const REFUSALS_SHOWN = 10;
const SAMPLES_SHOWN = 5;
const CLASSES_SHOWN = 30;

const count = (value: number) => value.toLocaleString('en');
const countOr = (value: number | null, what: string) =>
  value === null ? `${what} unknown` : `${count(value)} ${what}`;

export function printImportPreview(preview: ImportPreview): void {
  const { layout, manifest, patches, fileCount } = preview;
  if (layout) console.log(`  layout ${layout.name}: ${layout.title}`);
  if (manifest) printManifest(manifest);
  console.log(`  ${count(patches)} patches of ${count(fileCount)} files`);
  const units = [countOr(preview.patients, 'patients'), countOr(preview.slides, 'slides')];
  if (preview.groups !== null) units.push(`${count(preview.groups)} groups of copies`);
  console.log(`  ${units.join(', ')}; split by: ${preview.unit.toLowerCase()}`);
  const shown = preview.classes.slice(0, CLASSES_SHOWN).map((one) => `${one.name} ${count(one.patches)}`);
  const more = preview.classes.length - shown.length;
  if (more > 0) shown.push(`and ${count(more)} more`);
  if (preview.withoutClass > 0) shown.push(`without a class ${count(preview.withoutClass)}`);
  console.log(`  classes: ${shown.join(', ') || 'none'}`);
  if (preview.sites.length > 0) {
    console.log(`  sites: ${preview.sites.map((site) => `${site.name} ${count(site.patches)}`).join(', ')}`);
  }
  if (preview.subsets.length > 0) {
    const sides = preview.subsets.map((side) => `${side.subset} ${count(side.patches)}`);
    console.log(`  sides given by the publisher: ${sides.join(', ')}`);
  }
  console.log(`  places told of ${count(preview.placed)} patches`);
  for (const remark of layout?.remarks ?? []) console.log(`  note: ${remark}`);
  for (const { path, patient, className } of preview.samples.slice(0, SAMPLES_SHOWN)) {
    console.log(`  ${path}: patient ${patient ?? 'unknown'}, class ${className ?? 'unknown'}`);
  }
  printRefusals(preview);
  console.log('\n  Nothing was imported: pictures are opened, and sizes known, by the import itself.');
}

function printManifest(manifest: NonNullable<ImportPreview['manifest']>): void {
  const known = manifest.columns.flatMap(({ name, key }) => (key ? [`${key}=${name}`] : []));
  const unused = manifest.columns.filter(({ key }) => key === null).map(({ name }) => name);
  console.log(`  manifest of ${count(manifest.rowCount)} rows: ${known.join(', ')}`);
  if (unused.length > 0) console.log(`  columns not used: ${unused.slice(0, 20).join(', ')}`);
  console.log(
    `  ${count(manifest.rowsWithoutFile)} rows without a file, ${count(manifest.filesWithoutRow)} files without a row, ` +
      `${count(manifest.filesTwice)} files that appear twice`,
  );
}

function printRefusals({ refusedCount, refusedByCode, refusals }: ImportPreview): void {
  if (refusedCount === 0) return;
  console.log(`\n  ${count(refusedCount)} ${refusedCount === 1 ? 'file' : 'files'} would be refused:`);
  for (const [code, files] of Object.entries(refusedByCode))
    console.log(`    ${count(files).padStart(9)}  ${code}`);
  for (const { path, reason } of refusals.slice(0, REFUSALS_SHOWN)) console.log(`  ${path}: ${reason}`);
}

/** What `npm run import -- PATH --dry-run` prints: what the import would bring in, and what it would leave out. */

import { AppError } from '@microtome/domain/app-error';
import { countNoun } from '@microtome/domain/count-noun';
import { explainUnit } from '@microtome/domain/unit/unit-words';
import type { ImportPreview } from '@microtome/store/import/preview-import';

const REFUSALS_SHOWN = 10;
const SAMPLES_SHOWN = 5;
const RULE_SAMPLES_SHOWN = 20;
const CLASSES_SHOWN = 30;
const TABLES_SHOWN = 5;

const count = (value: number) => value.toLocaleString('en');
const countOr = (value: number | null, noun: string) =>
  value === null ? `${noun}s unknown` : countNoun(value, noun);

/** @throws AppError BAD_INPUT for what would end the import, after all that is known was printed */
export function printImportPreview(preview: ImportPreview): void {
  const { layout, layouts, tables, manifest, facts, fileCount, problem } = preview;
  if (layout) console.log(`  layout ${layout.name}: ${layout.title}`);
  const others = layouts.filter(({ name }) => name !== layout?.name);
  if (!manifest && others.length > 0) {
    const fits = others.map(({ name, share }) => `${name} (${Math.round(100 * share)} % of the files)`);
    console.log(`  other layouts that fit: ${fits.join(', ')}`);
  }
  if (manifest) printManifest(manifest);
  else if (tables.length > 0) {
    console.log(
      `  tables among the files: ${tables.slice(0, TABLES_SHOWN).join(', ')}; --manifest FILE imports by one of them`,
    );
  }
  if (problem || !facts) throw new AppError('BAD_INPUT', problem?.message ?? 'Nothing is told of the files.');
  console.log(`  ${countNoun(facts.patches, 'patch')} of ${countNoun(fileCount, 'file')}`);
  printFacts(facts);
  for (const remark of layout?.remarks ?? []) console.log(`  note: ${remark}`);
  if (preview.rule) console.log(`  patients by a rule: ${preview.rule}`);
  for (const sample of preview.samples.slice(0, preview.rule ? RULE_SAMPLES_SHOWN : SAMPLES_SHOWN)) {
    console.log(`  ${describeSample(sample)}`);
  }
  printRefusals(preview);
  console.log('\n  Nothing was imported: pictures are opened, and sizes known, by the import itself.');
}

function printFacts(facts: NonNullable<ImportPreview['facts']>): void {
  const units = [countOr(facts.patients, 'patient'), countOr(facts.slides, 'slide')];
  if (facts.groups !== null) units.push(`${countNoun(facts.groups, 'group')} of copies`);
  console.log(`  ${units.join(', ')}; split by: ${facts.unit.toLowerCase()}`);
  const warning = explainUnit(facts.unit);
  if (warning) console.log(`  ${warning}`);
  if (facts.unitNotice) console.log(`  ${facts.unitNotice}`);
  const shown = facts.classes.slice(0, CLASSES_SHOWN).map((one) => `${one.name} ${count(one.patches)}`);
  const more = facts.classes.length - shown.length;
  if (more > 0) shown.push(`and ${count(more)} more`);
  if (facts.withoutClass > 0) shown.push(`without a class ${count(facts.withoutClass)}`);
  console.log(`  classes: ${shown.join(', ') || 'none'}; task: ${facts.task?.name ?? 'none'}`);
  if (facts.sites.length > 0) {
    console.log(`  sites: ${facts.sites.map((site) => `${site.name} ${count(site.patches)}`).join(', ')}`);
  }
  if (facts.subsets.length > 0) {
    const sides = facts.subsets.map((side) => `${side.subset} ${count(side.patches)}`);
    console.log(`  sides given by the publisher: ${sides.join(', ')}`);
  }
  console.log(`  places told of ${countNoun(facts.placed, 'patch')}`);
}

function describeSample({ path, text, patient, className }: ImportPreview['samples'][number]): string {
  const read = text === null || text === path ? '' : ` ('${text}')`;
  return `${path}${read}: patient ${patient ?? 'unknown'}, class ${className ?? 'unknown'}`;
}

function printManifest(manifest: NonNullable<ImportPreview['manifest']>): void {
  const known = manifest.columns.flatMap(({ name, key }) => (key ? [`${key}=${name}`] : []));
  const unused = manifest.columns.filter(({ key }) => key === null).map(({ name }) => name);
  const { counts } = manifest;
  console.log(`  manifest${counts ? ` of ${countNoun(counts.rowCount, 'row')}` : ''}: ${known.join(', ')}`);
  if (unused.length > 0) console.log(`  columns not used: ${unused.slice(0, 20).join(', ')}`);
  if (!counts) return;
  console.log(
    `  ${countNoun(counts.rowsWithoutFile, 'row')} without a file, ${countNoun(counts.filesWithoutRow, 'file')} without a row, ` +
      `${countNoun(counts.filesTwice, 'file')} that several rows name`,
  );
}

function printRefusals({ refusedCount, refusedByCode, refusals }: ImportPreview): void {
  if (refusedCount === 0) return;
  console.log(`\n  ${countNoun(refusedCount, 'file')} would be refused:`);
  for (const [code, files] of Object.entries(refusedByCode))
    console.log(`    ${count(files).padStart(9)}  ${code}`);
  for (const { path, reason } of refusals.slice(0, REFUSALS_SHOWN)) console.log(`  ${path}: ${reason}`);
}

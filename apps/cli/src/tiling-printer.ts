/** What `npm run import -- FOLDER --tile N --dry-run` prints, and the pictures that it writes: what would be cut, slide by slide. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countNoun } from '@microtome/domain/count-noun';
import { escapeUnprintable } from '@microtome/domain/printable-text';
import type { ImportOptionsInput } from '@microtome/store/import/import-options';
import { previewTiling, type SlidePreview } from '@microtome/store/import/preview-tiling';
import { drawMaskedPicture } from '@microtome/store/import/tiling/draw-mask';

const PICTURE_SIDE_MAX_PX = 1024;
const REFUSALS_SHOWN = 20;

const count = (value: number) => value.toLocaleString('en');

/** Pictures go into the folder, one a slide; null writes none. */
export async function printTilingPreview(input: ImportOptionsInput, folder: string | null): Promise<void> {
  if (folder !== null) await mkdir(folder, { recursive: true });
  const { slides, refusals, refusedCount } = await previewTiling({
    ...input,
    async onSlide(preview, slide) {
      printSlide(preview);
      if (folder === null) return;
      const name = `${preview.path.replaceAll('/', '_')}.png`;
      await writeFile(join(folder, name), await drawMaskedPicture(slide, PICTURE_SIDE_MAX_PX));
    },
  });
  printTotals(slides);
  if (refusedCount > 0) console.log(`\n  ${countNoun(refusedCount, 'file')} would be left out:`);
  for (const { path, reason } of refusals.slice(0, REFUSALS_SHOWN)) console.log(`  ${path}: ${reason}`);
  const more = refusedCount - Math.min(refusals.length, REFUSALS_SHOWN);
  if (more > 0) console.log(`  and ${count(more)} more`);
  console.log('\n  Nothing was imported.');
}

function printSlide({ path, patient, site, counts, classes, ...slide }: SlidePreview): void {
  const size = `${count(slide.widthPx)} x ${count(slide.heightPx)} px at ${slide.micronsPerPixel} µm`;
  const whose = [patient && `patient ${patient}`, site && `site ${site}`].filter(Boolean).join(', ');
  console.log(escapeUnprintable(`  ${path}: ${size}${whose && `; ${whose}`}`));
  const patches = classes.map((one) => `${count(one.patches)} ${one.name}`).join(', ');
  const left = `${count(counts.glass)} glass, ${count(counts.pen)} under a pen, ${count(counts.between)} neither`;
  console.log(escapeUnprintable(`    of ${count(counts.squares)} squares ${patches}; left out: ${left}`));
}

function printTotals(slides: readonly SlidePreview[]): void {
  const totals = new Map<string, number>();
  for (const { classes } of slides)
    for (const { name, patches } of classes) totals.set(name, (totals.get(name) ?? 0) + patches);
  const sum = [...totals.values()].reduce((all, patches) => all + patches, 0);
  const listed = [...totals].map(([name, patches]) => `${count(patches)} ${name}`).join(', ');
  console.log(
    escapeUnprintable(
      `  ${countNoun(sum, 'patch')} of ${countNoun(slides.length, 'slide')}: ${listed || 'none'}`,
    ),
  );
}

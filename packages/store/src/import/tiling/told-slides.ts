/** What a folder tells of its slides before any of them is opened: by a manifest, a preset, or their names alone. */
import { AppError } from '@microtome/domain/app-error';
import { isTableName } from '@microtome/domain/source/file-path';
import type { PatchFacts } from '@microtome/domain/source/source-patch';
import type { SlideRow } from '@microtome/domain/tiling/slide-labels';
import { isSlideName, nameWithoutEnding } from '@microtome/domain/tiling/slide-name';
import { getSlidePreset, type SlidePreset } from '@microtome/domain/tiling/slide-presets';
import { readManifestOf, type SourceReading } from '../facts/read-source.ts';
import { FactPool, type ToldPatch } from '../facts/told-patch.ts';
import type { ImportOptions } from '../import-options.ts';
import { accept, type Checked, printablePath, type Refuse, refuse } from '../refusal.ts';
import type { PatchSource, SourceFile } from '../source/patch-source.ts';
import type { TilingOptions } from '../tiling-options.ts';
import { readNamedLabels, readPresetLabels } from './read-labels.ts';

type SlidesRequest = {
  source: PatchSource;
  files: readonly SourceFile[];
  options: ImportOptions;
  tiling: TilingOptions;
  refuse: Refuse;
  signal: AbortSignal;
};

/** @throws AppError BAD_INPUT for a source that is no folder, or holds no slides */
export async function tellSlides(request: SlidesRequest): Promise<SourceReading> {
  const { source, files } = request;
  if (source.kind !== 'folder')
    throw new AppError(
      'BAD_INPUT',
      `${printablePath(source.path)} is a zip file: slides are read from a folder.`,
    );
  const slides = files.filter(({ path }) => isSlideName(path));
  if (slides.length === 0)
    throw new AppError(
      'BAD_INPUT',
      `${printablePath(source.path)} holds no slides: none of its ${files.length} files is one by its name.`,
    );
  const reading = await tellBySource(request, slides);
  const labels = await readLabels(request);
  const preset = request.tiling.preset && getSlidePreset(request.tiling.preset);
  const pool = new FactPool();
  const told = reading.told.flatMap(({ file, facts }) => {
    const name = nameWithoutEnding(file.path);
    const row = labels.get(name);
    const named = { ...facts, slide: facts.slide ?? name, className: row?.label ?? facts.className };
    const site = tellSite(named, { listed: row?.site ?? labels.get(facts.patient ?? '')?.site, preset });
    if (site.ok) return [{ file, facts: pool.complete({ ...named, site: site.value }) }];
    request.refuse({ path: file.path, ...site.fault });
    return [];
  });
  return { ...reading, told, fileCount: slides.length };
}

/** As path or manifest and the table of labels tell it, of the slide or its patient; else as a preset counts. */
function tellSite(
  facts: PatchFacts,
  { listed, preset }: { listed: string | null | undefined; preset: SlidePreset | null },
): Checked<string | null> {
  const inTable = listed == null ? null : (preset?.nameSite(listed) ?? listed);
  if (facts.site !== null && inTable !== null && facts.site !== inTable)
    return refuse(
      'SITE_UNCLEAR',
      `It is of the site "${facts.site}" by its path or manifest and of "${inTable}" by the table of labels: one of them is wrong.`,
    );
  return accept(facts.site ?? inTable ?? preset?.countSite(facts) ?? null);
}

async function tellBySource(request: SlidesRequest, slides: readonly SourceFile[]): Promise<SourceReading> {
  const { files, options, tiling, refuse } = request;
  const { preset } = tiling;
  if (options.manifest !== null) {
    const tables = files.filter(({ path }) => isTableName(path));
    const wanted = { ...request, files: [...slides, ...tables], choices: options, isWanted: isSlideName };
    return readManifestOf(wanted, options.manifest);
  }
  const told = preset ? tellByPreset(slides, getSlidePreset(preset), refuse) : slides.map(tellByName);
  return { told, fileCount: slides.length, layout: null, manifest: null, close: async () => {} };
}

function tellByName(file: SourceFile): ToldPatch {
  return { file, facts: new FactPool().complete({}) };
}

function tellByPreset(slides: readonly SourceFile[], preset: SlidePreset, refuse: Refuse): ToldPatch[] {
  const pool = new FactPool();
  return slides.flatMap((file) => {
    const facts = preset.readPath(file.path);
    if (facts) return [{ file, facts: pool.complete(facts) }];
    refuse({ path: file.path, code: 'STRAY_FILE', reason: `By its name it is no slide of ${preset.title}.` });
    return [];
  });
}

async function readLabels({ source, files, tiling, signal }: SlidesRequest): Promise<Map<string, SlideRow>> {
  const { labels, preset } = tiling;
  if (labels !== null) return readNamedLabels(labels, { sourcePath: source.path, signal });
  if (!preset) return new Map();
  const { isLabels } = getSlidePreset(preset);
  return readPresetLabels(
    files.filter(({ path }) => isLabels(path)),
    signal,
  );
}

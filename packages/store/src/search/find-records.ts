/**
 * Looks for a text among the names of all nouns at once, in one statement: what a person wants to go to. Every word of the
 * text must be in the name of a record or of what it belongs to; an id finds its record. Names that are the text come first,
 * then those that begin with it, the newest before older ones, a few of each noun.
 */
import { Prisma } from '../../generated/prisma/client.ts';
import { escapeLike, likeAnywhere } from '../database/like-pattern.ts';
import { selectRows } from '../database/select-rows.ts';
import type { Store } from '../store.ts';

/** In the order in which they are told where they fit equally well. */
export const FOUND_NOUNS = [
  'RUN',
  'EXPERIMENT',
  'SWEEP',
  'DATASET',
  'SPLIT',
  'MODEL',
  'MODEL_VERSION',
  'PATIENT',
  'SLIDE',
  'SLIDE_ANALYSIS',
  'REPORT',
] as const;

export type FoundNoun = (typeof FOUND_NOUNS)[number];

export type FoundRecord = {
  noun: FoundNoun;
  id: string;
  name: string;
  /** What it belongs to; empty where that is the project alone. */
  place: string;
  /** Of a version: whose it is. */
  modelId: string | null;
  versionNumber: number | null;
  /** Of a patient: the first of their slides. */
  slideId: string | null;
};

const FEW = 5;
const WORDS_MAX = 8;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Search = {
  text: string;
  /** Whose records are found; null: of all projects. */
  projectIds: readonly string[] | null;
};

/** Nothing for a text without a word. */
export async function findRecords(store: Store, { text, projectIds }: Search): Promise<FoundRecord[]> {
  const wanted = text.trim();
  const words = wanted.split(/\s+/).filter(Boolean).slice(0, WORDS_MAX);
  if (words.length === 0) return [];
  const isSeen = (projectId: Prisma.Sql) =>
    projectIds === null ? Prisma.sql`true` : Prisma.sql`${projectId} = any(${[...projectIds]}::uuid[])`;
  const parts = FOUND_NOUNS.map((noun, order) => {
    const { id, name, place, modelId, versionNumber, slideId, from, projectId, age } = SOURCES[noun];
    const isMeant = UUID.test(wanted)
      ? Prisma.sql`${id} = ${wanted}::uuid`
      : Prisma.sql`${name} || ' ' || ${place} ilike all (${words.map(likeAnywhere)}::text[])`;
    const rank = Prisma.sql`case when lower(${name}) = lower(${wanted}) then 0
      when ${name} ilike ${`${escapeLike(wanted)}%`} then 1 when ${name} ilike ${likeAnywhere(wanted)} then 2 else 3 end`;
    return Prisma.sql`(select ${noun}::text as noun, ${order}::int as noun_order, ${id}::text as id, ${name} as name,
        ${place} as place, ${modelId} as model_id, ${versionNumber} as version_number, ${slideId} as slide_id, ${rank} as rank, row_number() over (order by ${rank}, ${age}) as at
      from ${from} where ${isSeen(projectId)} and ${isMeant} order by ${rank}, ${age} limit ${FEW}::int)`;
  });
  return selectRows<FoundRecord>(
    store,
    Prisma.sql`select noun, id, name, place, model_id as "modelId", version_number as "versionNumber", slide_id as "slideId"
      from (${Prisma.join(parts, ' union all ')}) as found order by rank, noun_order, at`,
  );
}

type Source = {
  id: Prisma.Sql;
  name: Prisma.Sql;
  place: Prisma.Sql;
  modelId: Prisma.Sql;
  versionNumber: Prisma.Sql;
  slideId: Prisma.Sql;
  from: Prisma.Sql;
  projectId: Prisma.Sql;
  /** The newest first; of what has no time of its own, by key. */
  age: Prisma.Sql;
};

function sourceOf(table: string, given: Partial<Source>): Source {
  const column = (name: string) => Prisma.raw(`${table}.${name}`);
  return {
    id: column('id'),
    name: column('name'),
    place: Prisma.sql`''`,
    modelId: Prisma.sql`null::text`,
    versionNumber: Prisma.sql`null::int`,
    slideId: Prisma.sql`null::text`,
    from: Prisma.raw(table),
    projectId: column('project_id'),
    age: Prisma.sql`${column('created_at')} desc`,
    ...given,
  };
}

const OF_DATASET = { place: Prisma.sql`dataset.name`, projectId: Prisma.sql`dataset.project_id` };
const OF_EXPERIMENT = { place: Prisma.sql`experiment.name`, projectId: Prisma.sql`experiment.project_id` };
const VERSION_NAME = Prisma.sql`model.name || ' version ' || model_version.number`;

const SOURCES: Record<FoundNoun, Source> = {
  RUN: sourceOf('run', {
    ...OF_EXPERIMENT,
    from: Prisma.sql`run join experiment on experiment.id = run.experiment_id`,
  }),
  EXPERIMENT: sourceOf('experiment', {
    place: Prisma.sql`coalesce(dataset.name, '')`,
    from: Prisma.sql`experiment left join dataset on dataset.id = experiment.dataset_id`,
  }),
  SWEEP: sourceOf('sweep', {
    ...OF_EXPERIMENT,
    from: Prisma.sql`sweep join experiment on experiment.id = sweep.experiment_id`,
  }),
  DATASET: sourceOf('dataset', {}),
  SPLIT: sourceOf('split', {
    ...OF_DATASET,
    from: Prisma.sql`split join dataset on dataset.id = split.dataset_id`,
  }),
  MODEL: sourceOf('model', {}),
  MODEL_VERSION: sourceOf('model_version', {
    name: Prisma.sql`(${VERSION_NAME})`,
    place: Prisma.sql`run.name`,
    modelId: Prisma.sql`model.id::text`,
    versionNumber: Prisma.sql`model_version.number`,
    from: Prisma.sql`model_version join model on model.id = model_version.model_id join run on run.id = model_version.run_id`,
    projectId: Prisma.sql`model.project_id`,
  }),
  PATIENT: sourceOf('patient', {
    ...OF_DATASET,
    name: Prisma.sql`patient.key`,
    slideId: Prisma.sql`(select slide.id::text from slide where slide.patient_id = patient.id
      and slide.dataset_id = dataset.id order by slide.key limit 1)`,
    from: Prisma.sql`dataset_patient join patient on patient.id = dataset_patient.patient_id
      join dataset on dataset.id = dataset_patient.dataset_id`,
    age: Prisma.sql`patient.key, dataset.created_at desc`,
  }),
  SLIDE: sourceOf('slide', {
    ...OF_DATASET,
    name: Prisma.sql`slide.key`,
    from: Prisma.sql`slide join dataset on dataset.id = slide.dataset_id join patient on patient.id = slide.patient_id
      and patient.key <> slide.key`,
    age: Prisma.sql`slide.key`,
  }),
  SLIDE_ANALYSIS: sourceOf('slide_analysis', {
    place: Prisma.sql`(${VERSION_NAME})`,
    from: Prisma.sql`slide_analysis join model_version on model_version.id = slide_analysis.version_id
      join model on model.id = model_version.model_id`,
    projectId: Prisma.sql`model.project_id`,
  }),
  REPORT: sourceOf('report', {}),
};

/**
 * To which project a record belongs: one statement a noun, for many records at once. Everything hangs from a dataset, an
 * experiment or a model; a file belongs to every project that names it.
 */
import { Prisma } from '../../generated/prisma/client.ts';
import { isStorable } from '../database/storable-text.ts';
import type { Store } from '../store.ts';

const OF_RUN = Prisma.sql`run join experiment on experiment.id = run.experiment_id`;

/** Noun → rows of (id, project_id) whose id is in the list that follows. */
const PROJECTS_OF = {
  project: Prisma.sql`select id::text, id::text as project_id from project where id::text = any`,
  dataset: Prisma.sql`select id::text, project_id::text from dataset where id::text = any`,
  import: Prisma.sql`select id::text, project_id::text from dataset_import where id::text = any`,
  deletion: Prisma.sql`select id::text, project_id::text from deletion where id::text = any`,
  experiment: Prisma.sql`select id::text, project_id::text from experiment where id::text = any`,
  model: Prisma.sql`select id::text, project_id::text from model where id::text = any`,
  savedView: Prisma.sql`select id::text, project_id::text from saved_view where id::text = any`,
  report: Prisma.sql`select id::text, project_id::text from report where id::text = any`,
  split: Prisma.sql`select split.id::text, project_id::text from split
    join dataset on dataset.id = split.dataset_id where split.id::text = any`,
  task: Prisma.sql`select task.id::text, project_id::text from task
    join dataset on dataset.id = task.dataset_id where task.id::text = any`,
  slide: Prisma.sql`select slide.id::text, project_id::text from slide
    join dataset on dataset.id = slide.dataset_id where slide.id::text = any`,
  sweep: Prisma.sql`select sweep.id::text, project_id::text from sweep
    join experiment on experiment.id = sweep.experiment_id where sweep.id::text = any`,
  run: Prisma.sql`select run.id::text, project_id::text from ${OF_RUN} where run.id::text = any`,
  comment: Prisma.sql`select comment.id::text, coalesce(experiment.project_id, model.project_id)::text as project_id
    from comment left join run on run.id = comment.run_id
    left join experiment on experiment.id = coalesce(run.experiment_id, comment.experiment_id)
    left join model on model.id = comment.model_id where comment.id::text = any`,
  modelVersion: Prisma.sql`select model_version.id::text, project_id::text from model_version
    join model on model.id = model_version.model_id where model_version.id::text = any`,
  externalEvaluation: Prisma.sql`select external_evaluation.id::text, project_id::text
    from external_evaluation join ${OF_RUN} on run.id = external_evaluation.run_id
    where external_evaluation.id::text = any`,
  slideAnalysis: Prisma.sql`select slide_analysis.id::text, project_id::text from slide_analysis
    join model_version on model_version.id = slide_analysis.version_id
    join model on model.id = model_version.model_id where slide_analysis.id::text = any`,
  loggedModel: Prisma.sql`select logged_model.id, project_id::text from logged_model
    join experiment on experiment.id = logged_model.experiment_id where logged_model.id = any`,
  artifact: Prisma.sql`select named.id, named.project_id::text from (
      select artifact_hash as id, project_id from dataset_shard join dataset on dataset.id = dataset_id
      union all
      select artifact_hash, project_id from run_artifact join ${OF_RUN} on run.id = run_artifact.run_id
      union all
      select artifact_hash, project_id from external_evaluation join ${OF_RUN} on run.id = external_evaluation.run_id
    ) as named where named.id = any`,
} as const;

export type SubjectNoun = keyof typeof PROJECTS_OF;

/** Id → its projects; an id that is not there has none. */
export async function findProjects(
  { database: { prisma } }: Store,
  noun: SubjectNoun,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await prisma.$queryRaw<{ id: string; project_id: string }[]>`
    ${PROJECTS_OF[noun]}(${[...new Set(ids.map((id) => id.toLowerCase()))].filter(isStorable)}::text[])`;
  const groups = Map.groupBy(rows, ({ id }) => id);
  return new Map([...groups].map(([id, found]) => [id, [...new Set(found.map((row) => row.project_id))]]));
}

export async function listProjectIds({ database: { prisma } }: Store): Promise<string[]> {
  return (await prisma.project.findMany({ select: { id: true } })).map(({ id }) => id);
}

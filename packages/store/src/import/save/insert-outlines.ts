/** Inserts what was drawn on the slides of a dataset, a slide a statement: one may have megabytes of it. */
import type { PoolClient } from 'pg';
import type { CataloguedSlide } from '../packing/patch-catalogue.ts';

/** The ids of the slides are in their order. */
export async function insertOutlines(
  client: PoolClient,
  { slides, slideIds }: { slides: readonly CataloguedSlide[]; slideIds: readonly string[] },
): Promise<void> {
  for (const [at, { file }] of slides.entries()) {
    const outlines = file?.outlines ?? [];
    if (outlines.length === 0) continue;
    await client.query(
      `insert into slide_outline (slide_id, position, name, class_name, role, rings)
       select $1, position - 1, name, class_name, role, rings
       from unnest($2::text[], $3::text[], $4::text[], $5::jsonb[]) with ordinality
         as new (name, class_name, role, rings, position)`,
      [
        ...[slideIds[at], outlines.map(({ name }) => name), outlines.map(({ className }) => className)],
        ...[outlines.map(({ role }) => role), outlines.map(({ rings }) => JSON.stringify(rings))],
      ],
    );
  }
}

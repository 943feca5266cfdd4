/** Inserts what an import packed and what it has to tell of files: shards, patches, refusals, changes of pixels. */
import { SUBSETS } from '@microtome/domain/split/subset';
import type { PoolClient } from 'pg';
import type { ChangeLog } from '../change-log.ts';
import type { PackedPatches } from '../packing/pack-patches.ts';
import { type PatchColumns, PIXEL_HASH_BYTES } from '../packing/patch-catalogue.ts';
import type { Refusal } from '../refusal.ts';

const ROWS_PER_STATEMENT = 10_000;

export async function insertShards(
  client: PoolClient,
  datasetId: string,
  packed: PackedPatches,
): Promise<void> {
  const patchShards = packed.patchShards.map((shard) => ({ ...shard, kind: 'PATCH' }));
  const stripShards = packed.stripShards.map((shard) => ({ ...shard, kind: 'STRIP' }));
  let firstPatch = 0;
  const shards = [...patchShards, ...stripShards].map((shard) => {
    const placed = { ...shard, firstPatch };
    firstPatch += shard.patchCount;
    return placed;
  });
  await client.query(
    `insert into dataset_shard (dataset_id, position, kind, first_patch, patch_count, artifact_hash)
     select $1, position - 1, kind, first_patch, patch_count, artifact_hash
     from unnest($2::text[], $3::int[], $4::int[], $5::text[]) with ordinality
       as new (kind, first_patch, patch_count, artifact_hash, position)`,
    [
      ...[datasetId, shards.map((shard) => shard.kind), shards.map((shard) => shard.firstPatch)],
      ...[shards.map((shard) => shard.patchCount), shards.map((shard) => shard.artifact.hash)],
    ],
  );
}

export async function insertRefusals(
  client: PoolClient,
  datasetId: string,
  refusals: readonly Refusal[],
): Promise<void> {
  await client.query(
    `insert into refused_file (dataset_id, position, path, code, reason)
     select $1, position - 1, path, code, reason
     from unnest($2::text[], $3::text[], $4::text[]) with ordinality as new (path, code, reason, position)`,
    [
      ...[datasetId, refusals.map((refusal) => refusal.path)],
      ...[refusals.map((refusal) => refusal.code), refusals.map((refusal) => refusal.reason)],
    ],
  );
}

export async function insertChanges(
  client: PoolClient,
  datasetId: string,
  changeLog: Pick<ChangeLog, 'countsByCode' | 'listed'>,
): Promise<void> {
  const listed = changeLog.listed();
  for (const [code, fileCount] of Object.entries(changeLog.countsByCode())) {
    const paths = listed.filter((change) => change.code === code).map(({ path }) => path);
    await client.query(
      'insert into pixel_change (dataset_id, code, file_count, paths) values ($1, $2, $3, $4)',
      [datasetId, code, fileCount, paths],
    );
  }
}

type PatchRows = {
  datasetId: string;
  slideIds: readonly string[];
  columns: PatchColumns;
  firstIndex: number;
  signal: AbortSignal;
};

export async function insertPatches(client: PoolClient, rows: PatchRows): Promise<void> {
  const { columns } = rows;
  for (let start = 0; start < columns.count; start += ROWS_PER_STATEMENT) {
    rows.signal.throwIfAborted();
    const end = Math.min(start + ROWS_PER_STATEMENT, columns.count);
    const slice = (column: Int32Array | Int8Array) => Array.from(column.subarray(start, end));
    const pixelHashes = columns.pixelHash.subarray(start * PIXEL_HASH_BYTES, end * PIXEL_HASH_BYTES);
    await client.query(
      `insert into patch (dataset_id, index, slide_id, x, y, width_px, height_px, class, byte_offset, given_subset,
         path, pixel_hash)
       select $1, $2 + position - 1, slide_id, nullif(x, -1), nullif(y, -1), width_px, height_px, class, byte_offset,
         ($11::text[])[given + 1], path, substring($12::bytea from (position::int - 1) * 32 + 1 for 32)
       from unnest($3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[], $8::smallint[], $9::bigint[],
         $10::smallint[], $13::text[])
         with ordinality as new (slide_id, x, y, width_px, height_px, class, byte_offset, given, path, position)`,
      [
        ...[rows.datasetId, rows.firstIndex + start],
        slice(columns.slideIndex).map((slideIndex) => rows.slideIds[slideIndex]),
        ...[slice(columns.x), slice(columns.y), slice(columns.widthPx), slice(columns.heightPx)],
        ...[slice(columns.classPosition), slice(columns.byteOffset)],
        ...[slice(columns.givenSubset), SUBSETS, Buffer.from(pixelHashes)],
        columns.paths.slice(start, end),
      ],
    );
  }
}

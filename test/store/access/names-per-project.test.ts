/** Two projects with the same public data and a model of one name each: two records, whose files are shared by their content. */
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { createProject } from '@microtome/store/access/projects';
import { deleteDataset, findDatasetByName, listShards } from '@microtome/store/dataset/datasets';
import { performDeletions } from '@microtome/store/deletion/perform-deletions';
import { importDataset } from '@microtome/store/import/import-dataset';
import { getReferredVersion } from '@microtome/store/model/model-references';
import { createModel } from '@microtome/store/model/models';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useImportStore } from '../import/import-store.ts';
import { drawTwoPatients, writeTree } from '../import/patch-files.ts';

const storage = useImportStore();
const home = { projectId: DEFAULT_PROJECT_ID };
let ward: { projectId: string };
let path: string;
beforeAll(async () => {
  ward = { projectId: (await createProject(storage.get(), 'ward')).id };
});
beforeEach(async () => {
  path = await writeTree(await drawTwoPatients());
});

const importInto = (project: { projectId: string }, name = 'public') =>
  importDataset({ ...storage.get(), path, name, ...project });

describe('the same files in two projects', () => {
  it('are two datasets with the same digest and the same shards', async () => {
    const own = await importInto(home);
    const theirs = await importInto(ward);
    expect(theirs).toMatchObject({ name: 'public', reused: false });
    expect(theirs.report.digest).toBe(own.report.digest);
    expect(await importInto(ward, 'by another name')).toMatchObject({
      ...{ name: 'public', reused: true, datasetId: theirs.datasetId },
    });
    expect(await storage.countRows()).toMatchObject({ dataset: 2, patch: 32, patient: 2, slide: 4 });
    const [first, second] = await Promise.all(
      [own, theirs].map(async ({ datasetId }) =>
        (await listShards(storage.get(), datasetId)).map(({ artifactHash }) => artifactHash),
      ),
    );
    expect(second).toEqual(first);
    expect(await storage.countRows()).toMatchObject({ artifact: first!.length, dataset_shard: 4 });
  });

  it('are found by name within a project, and over all of them only with the project', async () => {
    const [own, theirs] = [await importInto(home), await importInto(ward)];
    const find = async (projectId: string | null) =>
      (await findDatasetByName(storage.get(), 'public', { projectId })).id;
    expect(await find(DEFAULT_PROJECT_ID)).toBe(own.datasetId);
    expect(await find(ward.projectId)).toBe(theirs.datasetId);
    await expect(find(null)).rejects.toThrow(
      "More than one project has a dataset 'public': name its project too.",
    );
    await expect(findDatasetByName(storage.get(), 'none', ward)).rejects.toThrow("There are: 'public'.");
  });

  it('stay for one when they are deleted for the other, and are gone with the last', async () => {
    const store = storage.get();
    const [own, theirs] = [await importInto(home), await importInto(ward)];
    const hashes = (await listShards(store, own.datasetId)).map(({ artifactHash }) => artifactHash);
    await deleteDataset(store, own.datasetId);
    expect(await performDeletions(store)).toBe(1);
    for (const hash of hashes) expect(await store.artifacts.verify(hash)).toBeUndefined();
    expect(await storage.countRows()).toMatchObject({ dataset: 1, patch: 16, patient: 2 });
    expect(await importInto(ward)).toMatchObject({ reused: true, datasetId: theirs.datasetId });
    await deleteDataset(store, theirs.datasetId);
    expect(await performDeletions(store)).toBe(1);
    for (const hash of hashes) expect(await store.artifacts.has(hash)).toBe(false);
    expect(await storage.countRows()).toMatchObject({ dataset: 0, patch: 0, patient: 0, artifact: 0 });
  });
});

it('a model of one name in two projects is referred to with the project', async () => {
  const store = storage.get();
  await createModel(store, { name: 'idc' });
  await expect(getReferredVersion(store, 'idc@3')).rejects.toThrow("Model 'idc' has no '3'.");
  await createModel(store, { name: 'idc', ...ward });
  await expect(createModel(store, { name: 'idc', ...ward })).rejects.toThrow(
    "There is a model 'idc' already.",
  );
  await expect(getReferredVersion(store, 'idc@3')).rejects.toThrow(
    "More than one project has a model 'idc': name its project too, as in 'PROJECT/idc'.",
  );
  for (const project of ['ward', 'default', ward.projectId]) {
    await expect(getReferredVersion(store, `${project}/idc@3`)).rejects.toThrow("Model 'idc' has no '3'.");
  }
  await expect(getReferredVersion(store, 'elsewhere/idc')).rejects.toThrow("There is no model 'idc'.");
});

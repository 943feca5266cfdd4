/** The condition on many splits says what the rule says of one. */
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import { createSplit } from '@microtome/store/split/create-split';
import { UNSAFE_SPLIT } from '@microtome/store/split/unsafe-splits';
import { expect, it } from 'vitest';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();

it('unsafe are splits by patch, and those whose audit failed', async () => {
  const { prisma } = store.database;
  const audits = [null, { passed: true }, { passed: false }];
  for (const strategy of ['PATIENT_STRATIFIED', 'RANDOM_PATCH'] as const) {
    for (const [at, audit] of audits.entries()) {
      const seed = 100 + at;
      const [split] = await createSplit(store, { datasetId: bench.split.datasetId, strategy, seed });
      if (audit)
        await store.database.pool.query('update split set audit = $2 where id = $1', [split!.id, audit]);
    }
  }
  const splits = await prisma.split.findMany({ select: { id: true, kind: true, audit: true } });
  const unsafe = await prisma.split.findMany({ where: UNSAFE_SPLIT, select: { id: true } });
  const expected = splits.filter(isUnsafeSplit).map(({ id }) => id);
  expect(unsafe.map(({ id }) => id).sort()).toEqual(expected.sort());
  expect(unsafe).toHaveLength(4);
});

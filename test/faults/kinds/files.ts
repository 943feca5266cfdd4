/** Stored files that a disk damaged or lost: checkpoints, pixels, results. What was done to them is undone where no row writes them again. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { flipBit } from '../../fixtures/damage.ts';
import { signalProcess } from '../platform/processes.ts';
import {
  type Fault,
  type FaultTarget,
  NEXT_EPOCH_OF_ANOTHER_ATTEMPT,
  untilLaterAttemptAdds,
  waitForProcess,
} from './fault.ts';

type Harm = 'damaged' | 'missing';

export const fileFaults: Fault[] = (['damaged', 'missing'] as const).flatMap((harm) => [
  harmCheckpoint(harm),
  harmPixels(harm),
  harmResult(harm),
]);

/** The trainer is killed, so that the next one has to read it. */
function harmCheckpoint(harm: Harm): Fault {
  return {
    subject: 'newest checkpoint',
    act: `${harm}, and the trainer killed`,
    recoveredBy: NEXT_EPOCH_OF_ANOTHER_ATTEMPT,
    promisedSeconds: 10,
    lastsSeconds: 4,
    async inject(target) {
      const { store } = target.bench;
      const trainer = await waitForProcess(target, 'trainer');
      signalProcess(trainer, 'SIGSTOP');
      const { epochsDone } = await target.run.look();
      const key = { runId: target.run.runId, role: `CHECKPOINT_${epochsDone}` };
      const row = await store.database.prisma.runArtifact.findUnique({ where: { runId_role: key } });
      if (row) await harmFile(target, row.artifactHash, harm);
      signalProcess(trainer, 'SIGKILL');
      return { sinceMs: performance.now(), recovered: untilLaterAttemptAdds(target) };
    },
  };
}

/** The run fails with a sentence that names the file; with the file back, a retry goes on. */
function harmPixels(harm: Harm): Fault {
  return {
    subject: 'pixels of the dataset',
    act: `${harm}, then put back and the run retried`,
    recoveredBy: `${NEXT_EPOCH_OF_ANOTHER_ATTEMPT} (from the retry)`,
    lastsSeconds: 8,
    async inject(target) {
      const { bench, run, signal } = target;
      const shard = await bench.store.database.prisma.datasetShard.findFirstOrThrow({
        where: { datasetId: bench.datasetId, kind: 'PATCH' },
      });
      const restore = await harmFile(target, shard.artifactHash, harm);
      signalProcess(await waitForProcess(target, 'trainer'), 'SIGKILL');
      const failed = await run
        .until(({ status }) => status === 'FAILED' || status === 'SUCCEEDED', signal)
        .finally(restore);
      if (failed.status === 'SUCCEEDED') target.accuse('A run on damaged pixels succeeded.');
      // By its path, in which the hash is a folder and a name.
      else if (!failed.error?.replaceAll('/', '').includes(shard.artifactHash)) {
        target.accuse(`The error does not name the file ${shard.artifactHash}: ${failed.error}`);
      }
      await bench.api.ask('mutation ($id: ID!) { retryRun(id: $id) { id } }', { id: run.runId });
      return { sinceMs: performance.now(), recovered: untilLaterAttemptAdds(target) };
    },
  };
}

/** Never served as what it is not, and served again once it is back. */
function harmResult(harm: Harm): Fault {
  return {
    subject: 'weights of a finished run',
    act: `${harm}, then put back`,
    recoveredBy: 'the file is served',
    lastsSeconds: 1,
    async inject(target) {
      const { bench, finishedRunId: runId } = target;
      const key = { runId, role: 'MODEL_WEIGHTS' };
      const { artifactHash: hash } = await bench.store.database.prisma.runArtifact.findUniqueOrThrow({
        where: { runId_role: key },
      });
      const restore = await harmFile(target, hash, harm);
      const status = await bench.api.fetchArtifact(hash).catch(() => 0);
      if (status === 200) target.accuse(`The ${harm} file ${hash} was served.`);
      await restore();
      const sinceMs = performance.now();
      return {
        sinceMs,
        recovered: bench.api.fetchArtifact(hash).then((served) => {
          if (served !== 200) throw new Error(`The file ${hash} is whole again and answers ${served}.`);
        }),
      };
    },
  };
}

/** Gives what puts it back. */
async function harmFile({ bench, say }: FaultTarget, hash: string, harm: Harm): Promise<() => Promise<void>> {
  const path = bench.store.artifacts.findLocalPath(hash);
  if (!path) throw new Error(`${hash} is no local file.`);
  const whole = await readFile(path);
  say(`${hash.slice(0, 12)}… is ${harm}`);
  if (harm === 'damaged') await flipBit(bench.store.artifacts, hash);
  else await rm(path);
  return async () => {
    await writeFile(`${path}.whole`, whole);
    await rename(`${path}.whole`, path);
  };
}

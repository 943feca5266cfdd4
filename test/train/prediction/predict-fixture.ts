/** What tests of `npm run predict` begin with: a promoted model, drawn patches under IDC's names, and the command itself. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openTest } from '@microtome/store/evaluation/evaluations';
import type { Run } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { promoteModelVersion } from '@microtome/store/model/promotions';
import sharp from 'sharp';
import { readNodeOptions } from '../../env.ts';
import { paintPatch } from '../../fixtures/synthetic-patches.ts';
import type { WorkerFixture } from '../worker-fixture.ts';

const PREDICT_FILE = fileURLToPath(
  new URL('../../../workers/train/src/prediction/predict.ts', import.meta.url),
);
/** Of the patches that the model of a worker fixture takes. */
export const SIZE_PX = 16;

/** The command in a process of its own. */
export function runPredict(
  { databaseUrl, artifactUrl }: WorkerFixture,
  args: readonly string[],
): Promise<{ stdout: string; stderr: string }> {
  const settings = { DATABASE_URL: databaseUrl, ARTIFACT_URL: artifactUrl, TRAIN_BACKEND: 'onnx' };
  const env = { ...readNodeOptions(), ...settings };
  return promisify(execFile)(process.execPath, [PREDICT_FILE, ...args], { env });
}

/** `99001_idx5_x17_y1_class1.png`, at places that do not overlap. */
export function nameIdcPatch(
  patientKey: string,
  { label, number }: { label: 0 | 1; number: number },
): string {
  return `${patientKey}_idx5_x${number * SIZE_PX + 1}_y1_class${label}.png`;
}

/** Its path within the folder, and its pixels. */
export async function writeIdcPatch(
  folder: string,
  patientKey: string,
  patch: { label: 0 | 1; number: number },
): Promise<{ file: string; pixels: Uint8Array }> {
  const { label, number } = patch;
  const size = { widthPx: SIZE_PX, heightPx: SIZE_PX };
  const pixels = paintPatch(size, { label, stain: [4, -3, 2], seed: 100 + number });
  const file = `${patientKey}/${label}/${nameIdcPatch(patientKey, patch)}`;
  await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
  const raw = { width: SIZE_PX, height: SIZE_PX, channels: 3 } as const;
  await sharp(pixels, { raw }).png().toFile(path.join(folder, file));
  return { file, pixels };
}

export async function findTrainedPatient({ store }: WorkerFixture, { splitId }: Run): Promise<string> {
  const { patient } = await store.database.prisma.datasetPatient.findFirstOrThrow({
    where: { assignments: { some: { splitId: splitId!, subset: 'TRAIN' } } },
    include: { patient: true },
  });
  return patient.key;
}

/** As the champion of `idc`. */
export async function promoteRun({ store }: WorkerFixture, runId: string): Promise<void> {
  await openTest(store, { runId, reason: 'to promote it', openedBy: 'test' });
  const model = await createModel(store, { name: 'idc' });
  const version = await registerModelVersion(store, { modelId: model.id, runId });
  const request = { versionId: version.id, reason: 'the only one', promotedBy: 'test', override: true };
  const { allowed } = await promoteModelVersion(store, request);
  if (!allowed) throw new Error('the version was not promoted');
}

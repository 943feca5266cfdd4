/** The only way to open artifacts: the scheme of the address tells the kind of store. */
import { AppError } from '@microtome/domain/app-error';
import { openFileArtifacts } from './artifact-files.ts';
import type { S3Credentials } from './artifact-s3.ts';
import type { ArtifactStore } from './artifacts.ts';
import { openS3Late } from './late-s3.ts';
import { verifyReads } from './verified-artifacts.ts';

/**
 * Opens `file:/folder` or `s3://bucket/prefix?endpoint=…&region=…`. Credentials of S3 come from `s3` or, left out,
 * from where the AWS SDK looks for them.
 */
export function openArtifactStore(url: string, s3: S3Credentials = {}): ArtifactStore {
  if (url.startsWith('file:')) return verifyReads(openFileArtifacts(url));
  if (url.startsWith('s3:')) return verifyReads(openS3Late(url, s3));
  throw new AppError('BAD_INPUT', `ARTIFACT_URL is '${url}': it must begin with 'file:' or 's3:'.`);
}

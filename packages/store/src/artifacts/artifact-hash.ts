/** The name of an artifact: sha256 in hexadecimal. A name from outside is checked before it becomes a path. */
import { AppError } from '@microtome/domain/app-error';

const HASH_PATTERN = /^[0-9a-f]{64}$/;

/** BAD_INPUT for anything but 64 hexadecimal digits. */
export function checkArtifactHash(hash: string): void {
  if (!HASH_PATTERN.test(hash)) throw new AppError('BAD_INPUT', `'${hash}' is not the hash of an artifact.`);
}

/** Secrets that are handed out once and kept as SHA-256: sessions, tokens, links. They are random, so no salt is needed. */
import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** `mt_…`: the prefix lets scanners of source code find a token that was left there. */
export function drawSecret(prefix: string): string {
  return `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

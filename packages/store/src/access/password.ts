/** Passwords, by scrypt of node:crypto: how one is kept and compared, and which is too weak. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '@microtome/domain/app-error';

const MIN_CHARACTERS = 12;
const MAX_CHARACTERS = 200;
const KEY_BYTES = 32;
/** 32 MiB and a tenth of a second: dear to guess by, cheap to sign in with. */
const COST = 2 ** 15;
const BLOCK_SIZE = 8;

/** `scrypt:cost:salt:key`. BAD_INPUT when it is too short or too long. */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < MIN_CHARACTERS || password.length > MAX_CHARACTERS) {
    throw new AppError(
      'BAD_INPUT',
      `A password has ${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters, and this one has ${password.length}.`,
    );
  }
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return `scrypt:${COST}:${salt.toString('base64url')}:${key.toString('base64url')}`;
}

/** Takes as long where there is nothing to compare with, so that the time does not tell who has an account. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, cost = COST, salt = '', key = ''] = stored?.split(':') ?? [];
  const given = await derive(password.slice(0, MAX_CHARACTERS), Buffer.from(salt, 'base64url'), Number(cost));
  const kept = Buffer.from(key, 'base64url');
  return kept.length === given.length && timingSafeEqual(kept, given);
}

function derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options: ScryptOptions = { N: cost, r: BLOCK_SIZE, maxmem: 256 * cost * BLOCK_SIZE };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

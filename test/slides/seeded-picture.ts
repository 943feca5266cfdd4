/** A colourful picture of any size, the same for the same seed: soft shapes, so that JPEG keeps them, and no two tiles alike. */
import { createRandom } from '@microtome/domain/seeded-random';
import sharp, { type Sharp } from 'sharp';

const SHRINK = 16;

export function seededPicture(width: number, height: number, seed: number): Sharp {
  const random = createRandom(seed);
  const small = {
    width: Math.ceil(width / SHRINK),
    height: Math.ceil(height / SHRINK),
    channels: 3 as const,
  };
  const noise = Buffer.from(
    Array.from({ length: small.width * small.height * 3 }, () => Math.floor(random.next() * 256)),
  );
  return sharp(noise, { raw: small }).resize(width, height, { fit: 'fill', kernel: 'cubic' });
}

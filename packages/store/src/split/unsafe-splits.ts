/** What isUnsafeSplit says of one split, as a condition on many. */
import type { Prisma } from '../../generated/prisma/client.ts';

export const UNSAFE_SPLIT: Prisma.SplitWhereInput = {
  OR: [{ kind: 'PATCH' }, { audit: { path: ['passed'], equals: false } }],
};

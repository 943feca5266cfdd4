/** The rule of isUnsafeSplit as a condition of a query. */
import type { Prisma } from '../../generated/prisma/client.ts';

export const UNSAFE_SPLIT: Prisma.SplitWhereInput = {
  OR: [{ kind: 'PATCH' }, { audit: { path: ['passed'], equals: false } }],
};

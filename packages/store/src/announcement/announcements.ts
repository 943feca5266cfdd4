/** What happened, as triggers recorded it: read by number. Nothing else writes announcements. */
import type { AnnouncementKind } from '@microtome/domain/announcement/announcement';
import type { Announcement } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

type ListRequest = {
  afterNumber: number;
  /** The last that is wanted. */
  untilNumber?: number | null;
  /** All kinds when left out. */
  kinds?: readonly AnnouncementKind[] | null;
  limit: number;
};

/** By number. Each number is visible before a greater one, so that none comes below the last of them later. */
export async function listAnnouncements(
  { database }: Store,
  { afterNumber, untilNumber, kinds, limit }: ListRequest,
): Promise<Announcement[]> {
  return database.prisma.announcement.findMany({
    where: {
      number: { gt: afterNumber, ...(untilNumber == null ? {} : { lte: untilNumber }) },
      ...(kinds ? { kind: { in: [...kinds] } } : {}),
    },
    orderBy: { number: 'asc' },
    take: limit,
  });
}

/** 0 before the first. */
export async function findNewestNumber({ database }: Store): Promise<number> {
  const { _max } = await database.prisma.announcement.aggregate({ _max: { number: true } });
  return _max.number ?? 0;
}

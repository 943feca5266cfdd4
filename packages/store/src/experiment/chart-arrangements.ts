/** How the charts of an experiment's runs are arranged: one arrangement for all members, which none takes from another unseen. */
import { AppError } from '@microtome/domain/app-error';
import { type ChartLayout, checkChartLayout } from '@microtome/domain/experiment/chart-layout';
import { checkPerson } from '@microtome/domain/text-rules';
import type { ChartArrangement } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

type Arranging = {
  experimentId: string;
  /** Of the arrangement that was changed; 0 where there was none. */
  version: number;
  layout: ChartLayout;
  changedBy?: string | undefined;
};

/** @throws AppError NOT_FOUND; BAD_INPUT for a layout that is none; CONFLICT when another one was kept meanwhile */
export async function arrangeCharts(store: Store, request: Arranging): Promise<ChartArrangement> {
  const { experimentId, version } = request;
  const layout = checkChartLayout(request.layout);
  const changedBy = checkPerson(request.changedBy);
  return store.database.prisma.$transaction(async (tx) => {
    const [experiment] = await tx.$queryRaw<{ name: string }[]>`
      select name from experiment where id = ${experimentId}::uuid for no key update`;
    if (!experiment) throw new AppError('NOT_FOUND', `There is no experiment ${experimentId}.`);
    const kept = await tx.chartArrangement.findUnique({ where: { experimentId } });
    if ((kept?.version ?? 0) !== version) {
      const by = kept ? `${kept.changedBy} has` : 'someone has';
      throw new AppError(
        'CONFLICT',
        `${by} arranged the charts of experiment '${experiment.name}' meanwhile: your change was to version ${version}, they are at ${kept?.version ?? 0}.`,
      );
    }
    const changed = { version: version + 1, layout, changedBy, changedAt: new Date() };
    return tx.chartArrangement.upsert({
      where: { experimentId },
      create: { experimentId, ...changed },
      update: changed,
    });
  });
}

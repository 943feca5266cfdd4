/** The arrangement of an experiment's charts: one for all, changed by one person at a time, gone with its experiment. */
import { FIRST_CHART_LAYOUT } from '@microtome/domain/experiment/chart-layout';
import { arrangeCharts } from '@microtome/store/experiment/chart-arrangements';
import { describe, expect, it } from 'vitest';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();
const { prisma } = store.database;
const { experimentId } = bench;

describe('the charts of an experiment', () => {
  it('are arranged from the version that was looked at, and by one of two at once', async () => {
    const arrange = (changedBy: string, version: number) =>
      arrangeCharts(store, { experimentId, version, layout: FIRST_CHART_LAYOUT, changedBy });
    const outcomes = await Promise.allSettled([arrange('Ada', 0), arrange('Bo', 0)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^(Ada|Bo) has arranged the charts of experiment '.*' meanwhile/),
    });
    const changed = await arrange('Cy', 1);
    expect(changed).toMatchObject({ version: 2, changedBy: 'Cy', layout: FIRST_CHART_LAYOUT });
  });

  it('stand in one row, whose version and layout the database holds to', async () => {
    const change = (assignment: string) =>
      prisma.$executeRawUnsafe(
        `update chart_arrangement set ${assignment} where experiment_id = '${experimentId}'`,
      );
    await expect(change('version = 0')).rejects.toThrow('chart_arrangement_version_check');
    await expect(change(`layout = '{}'`)).rejects.toThrow('chart_arrangement_layout_check');
    await expect(change(`changed_by = ' '`)).rejects.toThrow('chart_arrangement_who_check');
  });

  it('are of an experiment that is there', async () => {
    const missing = '00000000-0000-7000-8000-00000000abcd';
    await expect(
      arrangeCharts(store, { experimentId: missing, version: 0, layout: FIRST_CHART_LAYOUT }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', message: `There is no experiment ${missing}.` });
    await prisma.experiment.delete({ where: { id: experimentId } });
    expect(await prisma.chartArrangement.count()).toBe(0);
  });
});

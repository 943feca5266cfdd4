/**
 * How many clicks the main job takes, from an empty platform: one at most eight to a live comparison, fourteen to a champion.
 * Everything is done from the first page on, without an address that is typed; a click into a field counts like any other.
 */
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { generateSample } from '../../apps/cli/src/demo/sample.ts';
import { describeOnDashboard } from './describe-on-dashboard.ts';
import type { SetUp } from './open-dashboard.ts';

const SET_UP: SetUp = {
  async fill({ homeDir }) {
    await generateSample({ seed: 5, patients: 12, patchesPerPatient: 14, path: join(homeDir, 'patches') });
  },
};

describeOnDashboard('the main job by clicks', SET_UP, (dashboard) => {
  let page: Page;
  let clicks = 0;

  const click = async (target: Locator) => {
    await target.click();
    clicks++;
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first();
  const link = (name: string | RegExp) => page.getByRole('link', { name }).first();
  /** By the keyboard; where the field has no focus yet, it is clicked first. */
  const type = async (field: Locator, text: string) => {
    await field.waitFor();
    if (!(await field.evaluate((element) => element === document.activeElement))) await click(field);
    await page.keyboard.type(text);
  };

  beforeAll(() => {
    page = dashboard.page;
  });

  it('takes at most eight to a live comparison and fourteen to a champion', async () => {
    await page.goto(dashboard.platform.webUrl);
    await page.getByText('First steps').waitFor();
    await click(link('Import dataset'));
    await type(page.getByLabel('Folder or .zip'), join(dashboard.homeDir, 'patches'));
    await click(button('Start import'));
    await click(link(/^Open /));
    await click(link('Create split'));
    await click(
      page.getByRole('form', { name: 'Create split' }).getByRole('button', { name: 'Create split' }),
    );
    await click(link('Launch on this split'));
    await click(button('Shallow vs deep'));
    await page.waitForURL('**/compare?runs=*');
    expect(clicks).toBeLessThanOrEqual(8);

    await click(page.locator('main').getByRole('link', { name: /deep/ }).first());
    await waitForRuns(dashboard.platform.apiUrl);
    await click(button('Open TEST'));
    const opening = page.getByRole('form', { name: 'Open TEST' });
    const baseline = opening.getByRole('checkbox', { name: /^Open TEST of colour-baseline, seed 1 too/ });
    await expect.poll(() => baseline.isChecked()).toBe(true);
    await type(opening.getByLabel('Reason'), 'The finalist');
    await click(opening.getByRole('button', { name: 'Open TEST and record it' }));
    await click(button('Register model'));
    await type(page.getByLabel('Name of the new model'), 'small');
    await click(button('Register and see the gate'));
    const gate = page.getByRole('form', { name: 'Promote version' });
    await gate.getByText('The run succeeded.').waitFor();
    expect(await gate.getByText(/^No colour-baseline run/).count()).toBe(0);
    await type(gate.getByLabel('Reason'), 'The first');
    // How well so small a network does on so few patches is chance; where the gate refuses, its verdict can be overridden.
    const override = gate.getByRole('checkbox', { name: /^Override/ });
    if (await override.count()) await override.check();
    await click(gate.getByRole('button', { name: 'Promote to champion' }));
    await page.getByText('champion: version 1').waitFor();
    expect(clicks).toBeLessThanOrEqual(14);
    expect(dashboard.complaints).toEqual([]);
  }, 600_000);
});

/** Until all that was queued has ended well. */
async function waitForRuns(apiUrl: string): Promise<void> {
  const body = JSON.stringify({ query: '{ runs(first: 10) { edges { node { status } } } }' });
  const ask = async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${apiUrl}/graphql`, { method: 'POST', headers, body });
    const { data } = (await answer.json()) as { data: { runs: { edges: { node: { status: string } }[] } } };
    return data.runs.edges.map(({ node }) => node.status);
  };
  await expect.poll(ask, { timeout: 300_000 }).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
}

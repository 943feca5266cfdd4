/** What a typed text means among pages and acts, and where what was found leads. */
import { describe, expect, it } from 'vitest';
import { matchEntries } from '../../../apps/web/command/entry.ts';
import { entryOfFound } from '../../../apps/web/command/found-entries.ts';
import { listLinkedActs, listPageEntries } from '../../../apps/web/command/page-entries.ts';
import { FoundNoun } from '../../../apps/web/graphql/generated/graphql.ts';

const shown = { pathname: '/', hasAccount: false, mayManage: false };
const titles = (typed: string, entries = listLinkedActs(shown)) =>
  matchEntries(entries, typed).map(({ title }) => title);

describe('a typed text', () => {
  it('means what has all its words, by their beginnings, names that begin so first', () => {
    expect(titles('split')).toEqual(['Create a split', 'Audit a list for leaks']);
    expect(titles('cr sp')).toEqual(['Create a split']);
    expect(titles('eave')).toEqual([]);
    expect(titles('Compare', listPageEntries(shown))).toEqual(['Compare']);
  });

  it('offers what may be done with the run that is shown, and with no other page', () => {
    const acts = listLinkedActs({ ...shown, pathname: '/runs/one' });
    const hrefs = acts.slice(0, 2).map(({ does }) => 'href' in does && does.href);
    expect(hrefs).toEqual(['/launch?from=one', '/compare?runs=one']);
    expect(titles('clone')).toEqual([]);
  });

  it('finds pages of accounts only where this account has them', () => {
    expect(titles('members', listPageEntries({ ...shown, hasAccount: true }))).toEqual([]);
    expect(titles('members', listPageEntries({ ...shown, hasAccount: true, mayManage: true }))).toEqual([
      'Members',
    ]);
  });

  it('has one entry a key', () => {
    const keys = [
      ...listPageEntries({ ...shown, hasAccount: true, mayManage: true }),
      ...listLinkedActs(shown),
    ];
    expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
  });
});

it('leads from each noun to its page', () => {
  const found = {
    ...{ __typename: 'FoundRecord' as const, id: 'i', name: 'n', place: 'p' },
    ...{ modelId: 'm', versionNumber: 3, slideId: 's' },
  };
  const hrefs = Object.values(FoundNoun).map((noun) => {
    const { does } = entryOfFound({ ...found, noun });
    return [noun, 'href' in does && does.href];
  });
  expect(Object.fromEntries(hrefs)).toEqual({
    DATASET: '/datasets/i',
    EXPERIMENT: '/experiments/i',
    MODEL: '/models/i',
    MODEL_VERSION: '/models/m/versions/3',
    PATIENT: '/viewer?slide=s',
    REPORT: '/reports/i',
    RUN: '/runs/i',
    SLIDE: '/viewer?slide=i',
    SLIDE_ANALYSIS: '/viewer?analysis=i',
    SPLIT: '/splits/i',
    SWEEP: '/sweeps/i',
  });
});

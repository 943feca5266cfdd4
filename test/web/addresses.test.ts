/** Where the browser looks for the API, and what the page's address says about the run table. */
import fc from 'fast-check';
import { createLoader } from 'nuqs/server';
import { describe, expect, it } from 'vitest';
import {
  LAUNCH_PARAMETERS,
  linkToComparison,
  linkToLaunch,
  linkToRun,
  linkToRuns,
  linkToSplits,
  linkToViewer,
  RUNS_PARAMETERS,
  SPLITS_PARAMETERS,
} from '../../apps/web/address/page-addresses.ts';
import { resolveApiUrl, resolveFileUrl, toWebSocketUrl } from '../../apps/web/api/api-address.ts';
import { describeImport } from '../../apps/web/app/datasets/describe-import.ts';
import {
  countFilters,
  EMPTY_SEARCH,
  isFiltered,
  toRunVariables,
} from '../../apps/web/app/runs/run-search.ts';
import { LearningState, RunOrderField, RunStatus } from '../../apps/web/graphql/generated/graphql.ts';
import { parseTags } from '../../apps/web/run/parse-tags.ts';

describe("the API's address", () => {
  it("is the page's own host with the API's port when none is given", () => {
    const page = { protocol: 'http:', hostname: '10.0.0.7' };
    expect(resolveApiUrl({ apiUrl: null, apiPort: 4000 }, page)).toBe('http://10.0.0.7:4000');
  });

  it('is the given one otherwise, for HTTP, WebSocket and files alike', () => {
    const url = resolveApiUrl({ apiUrl: 'https://lab.example/api/', apiPort: 4000 }, null);
    expect(url).toBe('https://lab.example/api');
    expect(toWebSocketUrl(url)).toBe('wss://lab.example/api/graphql');
    expect(resolveFileUrl('http://a:4000', '/slides/1/tissue.png')).toBe('http://a:4000/slides/1/tissue.png');
    expect(resolveFileUrl('http://a:4000', 'https://b/x.png')).toBe('https://b/x.png');
  });
});

describe('the run table', () => {
  const readRunSearch = createLoader(RUNS_PARAMETERS);
  const text = fc.string({ maxLength: 20 });
  const names = fc.option(
    fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
  );
  const search = fc.record({
    search: text,
    status: fc.subarray(Object.values(RunStatus)),
    learning: fc.constantFrom(null, ...Object.values(LearningState)),
    architecture: text,
    experiment: text,
    split: text,
    sweep: text,
    tag: text,
    archived: fc.boolean(),
    seeds: fc.constantFrom('grouped' as const, null),
    setting: text,
    query: text,
    order: fc.constantFrom(...Object.values(RunOrderField)),
    direction: fc.constantFrom('ASC' as const, 'DESC' as const),
    sort: text,
    group: text,
    baseline: text,
    columns: names,
    pinned: fc.constantFrom(null, 0, 1, 7),
    widths: names,
    view: text,
  });

  it('is the same again when its address is opened again, whatever was searched', () => {
    fc.assert(
      fc.property(search, (wanted) => {
        expect(readRunSearch(queryOf(linkToRuns(wanted)))).toEqual(wanted);
      }),
    );
  });

  it('ignores what an address makes up', () => {
    const made = 'status=DONE,RUNNING&order=COLOUR&direction=sideways&archived=yes&seeds=apart';
    expect(readRunSearch(new URLSearchParams(made))).toEqual({ ...EMPTY_SEARCH, status: ['RUNNING'] });
  });

  it('hides archived runs and filters nothing else at first', () => {
    const { filter } = toRunVariables(EMPTY_SEARCH);
    expect(filter.archived).toBe(false);
    expect(Object.entries(filter).filter(([, value]) => value)).toEqual([]);
    expect(isFiltered({ ...EMPTY_SEARCH, order: 'NAME', direction: 'ASC', seeds: 'grouped' })).toBe(false);
    expect(isFiltered({ ...EMPTY_SEARCH, tag: 'x' })).toBe(true);
    expect(countFilters({ ...EMPTY_SEARCH, order: 'NAME', seeds: 'grouped', query: 'lr > 1' })).toBe(0);
    const chosen = { status: ['FAILED', 'QUEUED'], tag: 'x', archived: true } as const;
    expect(countFilters({ ...EMPTY_SEARCH, ...chosen, status: [...chosen.status] })).toBe(3);
  });
});

describe('a link', () => {
  it('that was kept from before still means the same', () => {
    const kept =
      'search=a+b&status=FAILED,RUNNING&experiment=e&sweep=w&archived=1&seeds=grouped&order=NAME&direction=ASC';
    expect(createLoader(RUNS_PARAMETERS)(new URLSearchParams(kept))).toEqual({
      ...EMPTY_SEARCH,
      search: 'a b',
      status: ['FAILED', 'RUNNING'],
      experiment: 'e',
      sweep: 'w',
      archived: true,
      seeds: 'grouped',
      order: 'NAME',
      direction: 'ASC',
    });
    const launch = createLoader(LAUNCH_PARAMETERS)('?dataset=d&split=s&sweep=HALVING');
    expect(launch).toEqual({
      ...{ dataset: 'd', split: 's', sweep: 'HALVING' },
      ...{ from: null, preset: null, experiment: null },
    });
    expect(createLoader(SPLITS_PARAMETERS)('?create=1')).toEqual({ dataset: null, create: true });
  });

  it('is written with the names that it always had, and without what is as usual', () => {
    expect(linkToRuns({ ...EMPTY_SEARCH, experiment: 'e', seeds: 'grouped' })).toBe(
      '/runs?experiment=e&seeds=grouped',
    );
    expect(linkToRuns(EMPTY_SEARCH)).toBe('/runs');
    expect(linkToRun('r', 'tissue')).toBe('/runs/r?tab=tissue');
    expect(linkToComparison(['a', 'b'])).toBe('/compare?runs=a,b');
    expect(linkToViewer({ run: 'a', other: 'b', slide: 's' })).toBe('/viewer?run=a&other=b&slide=s');
    expect(linkToViewer({ run: 'a', patient: '10 253' })).toBe('/viewer?run=a&patient=10+253');
    expect(linkToLaunch({ dataset: 'd', experiment: 'e' })).toBe('/launch?dataset=d&experiment=e');
    expect(linkToSplits({ dataset: 'd', create: true })).toBe('/splits?dataset=d&create=1');
  });
});

describe('tags', () => {
  it('are trimmed, and neither empty nor repeated', () => {
    expect(parseTags(' a, b,,a , c d ')).toEqual(['a', 'b', 'c d']);
  });
});

describe('an import', () => {
  const running = {
    name: 'idc',
    status: 'RUNNING',
    phase: 'decoding',
    filesTotal: 200,
    filesDone: 50,
    filesRefused: 2,
    filesPerSecond: 25,
    secondsLeft: 6,
    reused: false,
  };

  it('says how far it is, how fast, how much was refused and how long it still takes', () => {
    expect(describeImport(running)).toEqual({
      title: 'Importing idc',
      share: 0.25,
      line: 'decoding · 50 of 200 files, 2 refused · 25 files/s · 6.0 s left',
    });
  });

  it('shows no share while the number of files is not known', () => {
    expect(describeImport({ ...running, filesTotal: 0 }).share).toBeNull();
  });

  it('says when the same files were there already', () => {
    expect(describeImport({ ...running, status: 'SUCCEEDED', reused: true }).title).toBe(
      'idc already exists',
    );
  });
});

function queryOf(link: string): URLSearchParams {
  return new URL(link, 'http://dashboard').searchParams;
}

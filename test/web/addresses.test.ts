/** Where the browser looks for the API, and what the page's address says about the run table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveApiUrl, resolveFileUrl, toWebSocketUrl } from '../../apps/web/api/api-address.ts';
import { describeImport } from '../../apps/web/app/datasets/describe-import.ts';
import {
  EMPTY_SEARCH,
  isFiltered,
  ORDER_FIELDS,
  RUN_STATUSES,
  readRunSearch,
  toRunVariables,
  writeRunSearch,
} from '../../apps/web/app/runs/run-search.ts';
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
  const text = fc.string({ maxLength: 20 });
  const search = fc.record({
    search: text,
    status: fc.subarray([...RUN_STATUSES]),
    architecture: text,
    experiment: text,
    split: text,
    sweep: text,
    tag: text,
    archived: fc.boolean(),
    seedsGrouped: fc.boolean(),
    setting: text,
    order: fc.constantFrom(...ORDER_FIELDS),
    direction: fc.constantFrom('ASC' as const, 'DESC' as const),
  });

  it('is the same again when its address is opened anew, whatever was searched', () => {
    fc.assert(
      fc.property(search, (wanted) => {
        expect(readRunSearch(new URLSearchParams(writeRunSearch(wanted)))).toEqual(wanted);
      }),
    );
  });

  it('ignores what an address makes up', () => {
    const made = new URLSearchParams('status=DONE,RUNNING&order=COLOUR&direction=sideways');
    expect(readRunSearch(made)).toEqual({ ...EMPTY_SEARCH, status: ['RUNNING'] });
  });

  it('hides archived runs and filters nothing else at first', () => {
    const { filter } = toRunVariables(EMPTY_SEARCH);
    expect(filter.archived).toBe(false);
    expect(Object.entries(filter).filter(([, value]) => value)).toEqual([]);
    expect(isFiltered({ ...EMPTY_SEARCH, order: 'NAME' })).toBe(false);
    expect(isFiltered({ ...EMPTY_SEARCH, tag: 'x' })).toBe(true);
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
      'idc is here already',
    );
  });
});

/** What the page of the audit log says of a change. */
import { expect, it } from 'vitest';
import { describeChange } from '../../apps/web/app/audit/describe-change.ts';

it('names the columns whose values differ, with both', () => {
  expect(describeChange({ name: 'a', tags: ['x'], seed: 1 }, { name: 'b', tags: ['x'], seed: 1 })).toEqual([
    { column: 'name', before: 'a', after: 'b' },
  ]);
});

it('shows all of what was made, or is gone, but what is empty', () => {
  expect(describeChange(null, { name: 'b', tags: [], error: null })).toEqual([
    { column: 'name', before: '–', after: 'b' },
    { column: 'tags', before: '–', after: '[]' },
  ]);
  expect(describeChange({ name: 'b' }, null)).toEqual([{ column: 'name', before: 'b', after: '–' }]);
  expect(describeChange(null, null)).toEqual([]);
});

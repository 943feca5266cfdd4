import { writeStorable } from '@microtome/store/database/storable-text';
import { expect, it } from 'vitest';

it('what no row can hold is written out, in texts and in keys, and the rest stays', () => {
  const at = new Date(0);
  const value = { plain: ['a\u{1f600}b', 1, null, at], 'a\0b': { deep: 'half \ud83d of a pair' } };
  expect(writeStorable(value)).toEqual({
    plain: ['a\u{1f600}b', 1, null, at],
    'a\\u0000b': { deep: 'half \\ud83d of a pair' },
  });
});

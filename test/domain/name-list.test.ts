import { parseNameList } from '@microtome/domain/name-list';
import { describe, expect, it } from 'vitest';

describe('names in one text', () => {
  it.each([
    ['tumor', ['tumor']],
    ['a, b ,c', ['a', 'b', 'c']],
    ['"Tumour, invasive"', ['Tumour, invasive']],
    ['"Tumour, ""invasive""", other', ['Tumour, "invasive"', 'other']],
    ['say "hi"', ['say "hi"']],
    ['a,,b', ['a', '', 'b']],
    ['', ['']],
  ])('%s', (text, names) => expect(parseNameList(text)).toEqual(names));
});

import { countNoun } from '@microtome/domain/count-noun';
import { describe, expect, it } from 'vitest';
import { countNoun as countNounOnAPage } from '../../apps/web/format/count-noun.ts';

describe.each([
  ['in a sentence of the server', countNoun],
  ['on a page', countNounOnAPage],
])('a count and its noun %s', (_where, count) => {
  it('is in the plural where it is not one', () => {
    const nouns = ['patch', 'epoch', 'entry', 'day', 'file'];
    const one = ['1 patch', '1 epoch', '1 entry', '1 day', '1 file'];
    expect(nouns.map((noun) => count(1, noun))).toEqual(one);
    const several = ['2,718 patches', '2,718 epochs', '2,718 entries', '2,718 days', '2,718 files'];
    expect(nouns.map((noun) => count(2718, noun))).toEqual(several);
  });
});

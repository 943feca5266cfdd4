/** Expressions of a user over names: what they read, and that none of them can run for ever. */
import { openNameRule } from '@microtome/domain/source/name-rule';
import { describe, expect, it } from 'vitest';

const read = (pattern: string, text: string) => openNameRule('regex', pattern).read(text);

describe('an expression', () => {
  it('reads patient, slide and site by its named groups, the patient by its first group or as a whole', () => {
    expect(read('(?P<site>[A-Z]+)-(?P<patient>P\\d+)_(?P<slide>S\\d+)', 'UMC-P07_S2.png')).toEqual({
      patient: 'P07',
      slide: 'S2',
      site: 'UMC',
    });
    expect(read('(P\\d+)_', 'P07_S2.png')).toMatchObject({ patient: 'P07', slide: null });
    expect(read('P\\d+', 'P07_S2.png')).toMatchObject({ patient: 'P07' });
    expect(read('Q\\d+', 'P07_S2.png')).toBeNull();
  });

  it.each(['(a+)+b', '(a|aa)+b', '(a*)*b', '(.*)*=b', '(x+x+)+y'])(
    'that would run for ever where each way is tried, %s, ends at once',
    (pattern) => {
      const text = (pattern.startsWith('(x') ? 'x' : 'a').repeat(2000);
      // Trying each way takes more than 2 to the power of the letters: the test ends or it does not.
      expect(read(pattern, text)).toBeNull();
    },
  );

  it.each([
    ['(P\\d+', /^The expression \(P\\d\+ cannot be used: .*missing closing \)/],
    ['(?=P)\\d', /^The expression \(\?=P\)\\d cannot be used: /],
    ['(P)\\1', /^The expression \(P\)\\1 cannot be used: /],
    ['P'.repeat(2000), /^The expression has 2000 signs; at most \d+ are taken\.$/],
  ])('that cannot be used is refused with it: %s', (pattern, sentence) => {
    expect(() => read(pattern, 'P1')).toThrow(sentence);
  });
});

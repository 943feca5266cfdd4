/** The name of who acts is kept for the next act, and a browser that keeps nothing is no obstacle. */
import { expect, test } from 'vitest';
import { keepName, readName } from '../../apps/web/access/kept-name.ts';

function createStorage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test('it is there at the next act, without spaces around it, until it is taken away', () => {
  const storage = createStorage();
  const open = () => storage;
  expect(readName(open)).toBe('');
  keepName(' Ada ', open);
  expect(readName(open)).toBe('Ada');
  keepName('  ', open);
  expect(readName(open)).toBe('');
});

test('a browser that refuses to keep anything is asked in vain, and that is all', () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  expect(() => keepName('Ada', refuse)).not.toThrow();
  expect(readName(refuse)).toBe('');
});

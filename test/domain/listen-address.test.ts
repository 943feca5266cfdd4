import { nameListenAddress } from '@microtome/domain/listen-address';
import { expect, it } from 'vitest';

it.each([
  ['10.0.0.7', '10.0.0.7'],
  ['lab.example', 'lab.example'],
  ['fd00::7', '[fd00::7]'],
  ['0.0.0.0', null],
  ['::', null],
])('a server that listens on %s is called %s', (host, name) => {
  expect(nameListenAddress(host)).toBe(name);
});

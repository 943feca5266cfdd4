/** Slides of one name in a list of analyses. */
import { expect, it } from 'vitest';
import { findTwins } from '../../../apps/web/app/slide-analyses/find-twins.ts';

it('names that several files have are told apart by their paths, one file asked twice is not', () => {
  const rows = [
    { name: 'twin', path: '/a/twin.tif' },
    { name: 'again', path: '/a/again.tif' },
    { name: 'twin', path: '/b/twin.tif' },
    { name: 'again', path: '/a/again.tif' },
  ];
  expect([...findTwins(rows)]).toEqual(['twin']);
});

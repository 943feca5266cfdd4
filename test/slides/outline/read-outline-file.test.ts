/** Files of outlines: told by what is in them, real ones with their known areas, and those that are refused. */
import { truncate } from 'node:fs/promises';
import { boundsOf } from '@microtome/domain/outline/outline';
import { coverOutlines } from '@microtome/domain/outline/outline-cover';
import { readOutlineFile } from '@microtome/slides/outline/read-outline-file';
import { describe, expect, it } from 'vitest';
import { HAS_SLIDE_INPUTS, slideInput, useFolder, WHERE_SLIDES_ABSENT } from '../slide-inputs.ts';

const folder = useFolder();

describe('a file of outlines', () => {
  it('is told by what is in it, whatever its name, also with a mark of its encoding', async () => {
    const xml = '\uFEFF<ASAP_Annotations/>';
    const json = ' {"type":"FeatureCollection","features":[]}';
    for (const text of [xml, json])
      expect(await readOutlineFile(await folder.put('any.txt', Buffer.from(text)))).toEqual({
        outlines: [],
        refused: [],
      });
  });

  it('that is something else, empty or far too large is refused before it is read', async () => {
    await expect(readOutlineFile(await folder.put('a.csv', Buffer.from('x,y\n1,2')))).rejects.toThrow(
      '"a.csv" begins with "x,y',
    );
    await expect(readOutlineFile(await folder.put('b.xml', Buffer.alloc(0)))).rejects.toThrow(
      '"b.xml" is empty;',
    );
    const large = await folder.put('large.geojson', Buffer.from('{'));
    await truncate(large, 500 * 1024 * 1024);
    await expect(readOutlineFile(large)).rejects.toThrow(
      '"large.geojson" has 524,288,000 bytes; outlines have at most 67,108,864.',
    );
  });
});

describe.skipIf(!HAS_SLIDE_INPUTS)(`a real file of outlines ${WHERE_SLIDES_ABSENT}`, () => {
  it('of CAMELYON17 has its three lesions of the group Tumor', async () => {
    const file = slideInput('layouts/annotations/asap_camelyon17_patient_004_node_4.xml');
    const { outlines, refused } = await readOutlineFile(file);
    expect(refused).toEqual([]);
    expect(outlines.map(({ className }) => className)).toEqual(['Tumor', 'Tumor', 'Tumor']);
    expect(outlines[0]!.polygons[0]![0]!.slice(0, 2)).toEqual([
      [12711.2998, 88778.1016],
      [12612.7998, 88895.5],
    ]);
    const { left, top, right, bottom } = boundsOf(outlines[0]!.polygons);
    const covered = coverOutlines({ inside: outlines });
    const side = Math.max(right - left, bottom - top);
    expect(covered.share({ x: left, y: top, side })).toBeGreaterThan(0.5);
    expect(covered.share({ x: left - side, y: top, side })).toBe(0);
  });

  it('of QuPath has classes in its names alone', async () => {
    const { outlines, refused } = await readOutlineFile(slideInput('layouts/annotations/qupath05.geojson'));
    expect(refused).toEqual([]);
    expect(outlines.length).toBeGreaterThan(0);
    expect(outlines.every(({ className }) => className !== null)).toBe(true);
    const { left, top, right, bottom } = boundsOf(outlines[0]!.polygons);
    const side = Math.max(right - left, bottom - top);
    expect(coverOutlines({ inside: outlines }).share({ x: left, y: top, side })).toBeGreaterThan(0.1);
  });
});

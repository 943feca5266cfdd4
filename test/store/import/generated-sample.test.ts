/** The dataset of the demo for users who have none. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePatch } from '@microtome/store/import/pixels/decode-patch';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../apps/cli/src/demo/encode-png.ts';
import { ensureSample, generateSample } from '../../../apps/cli/src/demo/sample.ts';
import { planIdcFiles } from '../../fixtures/plan-files.ts';
import { createFolder } from './patch-files.ts';

async function readSample(path: string) {
  const source = await openPatchSource(path);
  const refused: string[] = [];
  const files = await source.scan({
    refuse: (refusal) => refused.push(refusal.path),
    signal: new AbortController().signal,
  });
  const { patches: planned } = await planIdcFiles(files, (refusal) => refused.push(refusal.path));
  return { planned, refused };
}

describe('the generated sample', () => {
  it('lies in the layout of the IDC set, every patient with both classes, some with edge strips', async () => {
    const path = join(await createFolder(), 'generated-sample');
    const files = await generateSample({ seed: 1, patients: 6, patchesPerPatient: 20, path });
    const { planned, refused } = await readSample(path);
    expect(refused).toEqual([]);
    expect(planned.length).toBe(files);
    expect(
      new Set(planned.map(({ patientKey, classPosition }) => `${patientKey} ${classPosition}`)).size,
    ).toBe(12);
    const sizes = planned.map(async ({ file }) => {
      const bytes = await file.read();
      const decoded = bytes.ok ? await decodePatch(bytes.value) : bytes;
      return decoded.ok
        ? `${decoded.value.width === 50} ${decoded.value.height === 50}`
        : decoded.fault.reason;
    });
    expect(new Set(await Promise.all(sizes))).toEqual(new Set(['true true', 'true false']));
  });

  it('has the same bytes for the same seed and others for another seed', async () => {
    const write = async (seed: number) => {
      const path = join(await createFolder(), 'generated-sample');
      await generateSample({ seed, patients: 2, patchesPerPatient: 6, path });
      const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.png')).sort();
      return Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'base64')]));
    };
    expect(await write(3)).toEqual(await write(3));
    expect(await write(3)).not.toEqual(await write(4));
  });

  it('is drawn once a home folder and says in its name that it is generated', async () => {
    const homeDir = await createFolder();
    const steps: string[] = [];
    const ensure = () => ensureSample({ homeDir, seed: 1, onStep: (step) => steps.push(step) });
    const paths = [await ensure(), await ensure()];
    expect(paths[0]).toMatch(/\/generated-sample$/);
    expect(paths[1]).toBe(paths[0]);
    expect(steps).toEqual(['Drawing the generated sample']);
    const { planned } = await readSample(paths[0]!);
    expect(new Set(planned.map(({ patientKey }) => patientKey)).size).toBe(24);
    expect(planned.length).toBeGreaterThan(1200);
    expect(planned.length).toBeLessThan(1800);
  });

  it('writes PNGs that a real decoder reads back pixel by pixel', async () => {
    const image = fc.record({
      widthPx: fc.integer({ min: 1, max: 60 }),
      heightPx: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(image, fc.nat(255), async ({ widthPx, heightPx }, offset) => {
        const pixels = Uint8Array.from(
          { length: widthPx * heightPx * 3 },
          (_, index) => (index * 7 + offset) % 256,
        );
        const decoded = await decodePatch(encodePng({ pixels, widthPx, heightPx }));
        expect(decoded.ok && Buffer.from(decoded.value.pixels).equals(pixels)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

/** A folder that a browser packs: the import reads it as the folder itself, and twice the same gives the same bytes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { previewImport } from '@microtome/store/import/preview-import';
import { describe, expect, it } from 'vitest';
import { packFolder } from '../../../apps/web/app/datasets/import/upload/pack-folder.ts';
import { createFolder, drawTwoPatients } from '../../store/import/patch-files.ts';

const NOT_STOPPED = new AbortController().signal;

async function drawDropped() {
  const tree = await drawTwoPatients();
  return Object.entries(tree).map(([path, content]) => ({
    path: `ward/${path}`,
    file: new File([new Uint8Array(content)], 'patch.png', { lastModified: 1_760_000_000_000 }),
  }));
}

describe('packing a folder', () => {
  it('gives a .zip that is imported like the folder', async () => {
    const files = await drawDropped();
    const told: number[] = [];
    const zip = await packFolder({ files, signal: NOT_STOPPED, onProgress: (packed) => told.push(packed) });
    expect(zip.name).toBe('ward.zip');
    expect(told.at(-1)).toBe(files.length);
    const path = join(await createFolder(), zip.name);
    await writeFile(path, new Uint8Array(await zip.arrayBuffer()));
    expect(await previewImport({ path })).toMatchObject({
      problem: null,
      refusedCount: 0,
      facts: { patients: 2, patches: files.length },
    });
  });

  it('gives the same bytes for the same folder, so that a broken upload goes on', async () => {
    const pack = async () => {
      const files = await drawDropped();
      return packFolder({ files, signal: NOT_STOPPED, onProgress: () => undefined });
    };
    const [first, second] = [await pack(), await pack()];
    expect(second.lastModified).toBe(first.lastModified);
    expect(Buffer.from(await second.arrayBuffer())).toEqual(Buffer.from(await first.arrayBuffer()));
  });

  it('stops when it is told to', async () => {
    const files = await drawDropped();
    const stopping = new AbortController();
    const packing = packFolder({ files, signal: stopping.signal, onProgress: () => stopping.abort('left') });
    await expect(packing).rejects.toBe('left');
  });
});

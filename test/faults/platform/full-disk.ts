/**
 * Loaded into every Node process of a platform under fire: while the file that it was given exists, whatever is written
 * through a file handle (so are all artifacts) finds the disk full. Takes no root, and leaves the database alone.
 */
import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const sign = new URL(import.meta.url).searchParams.get('sign') ?? '';
const handle = await open(process.execPath, 'r');
const prototype = Object.getPrototypeOf(handle) as FileHandle;
await handle.close();

prototype.write = new Proxy(prototype.write, {
  apply(write, self, args) {
    if (!existsSync(sign)) return Reflect.apply(write, self, args) as unknown;
    const error = new Error('ENOSPC: no space left on device, write');
    return Promise.reject(Object.assign(error, { code: 'ENOSPC', syscall: 'write' }));
  },
});

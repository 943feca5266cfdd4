/** Finds the native library OpenSlide, which `npm run native:build -- --openslide` puts below `.native/` of the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DEFAULT_PLACE = fileURLToPath(new URL('../../../../.native/openslide', import.meta.url));
/** On Linux, and on macOS. */
const LIBRARIES = ['libopenslide.so.1', 'libopenslide.1.dylib'];
/** Holds the path of the Python that it was built with. */
const PYTHON = 'python-path';

export type NativeOpenSlide = { python: string; library: string };

/** Null where it was not built. */
export function findNativeOpenSlide(place = DEFAULT_PLACE): NativeOpenSlide | null {
  const python = join(place, PYTHON);
  const library = LIBRARIES.map((name) => join(place, 'openslide_bin', name)).find((path) =>
    existsSync(path),
  );
  if (!library || !existsSync(python)) return null;
  return { library, python: readFileSync(python, 'utf8').trim() };
}

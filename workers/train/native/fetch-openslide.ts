/**
 * `npm run native:build -- --openslide`: puts the native library OpenSlide, as its wheel carries it, into `.native/openslide`,
 * with the path of the Python that will run its reader.
 */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@microtome/domain/app-error';

/** The one that slides were compared with. */
const REQUIREMENT = 'openslide-bin==4.0.1.2';

const execute = promisify(execFile);

export async function fetchOpenSlide(python: string, nativeDir: string): Promise<string> {
  const place = join(nativeDir, 'openslide');
  const staging = join(nativeDir, 'openslide-staging');
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const executable = await ask(python, ['-c', 'import sys; print(sys.executable)']);
  await ask(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--target',
    staging,
    REQUIREMENT,
  ]);
  await writeFile(join(staging, 'python-path'), executable.trim());
  await rm(place, { recursive: true, force: true });
  await rename(staging, place);
  return place;
}

async function ask(python: string, args: string[]): Promise<string> {
  const { stdout } = await execute(python, args).catch((cause: Error & { stderr?: string }) => {
    const reason = cause.stderr?.trim().split('\n').at(-1) || cause.message;
    throw new AppError('UNAVAILABLE', `"${python} ${args.slice(0, 3).join(' ')}" failed: ${reason}`, {
      cause,
    });
  });
  return stdout;
}

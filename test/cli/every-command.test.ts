/** Every command of package.json starts, says which options it takes, and takes no other. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};

const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const file = /node (\S+\.ts)$/.exec(script)?.[1];
  return file ? [{ name, file }] : [];
});

it('are found', () => {
  expect(commands.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'start',
      'demo',
      'worker',
      'migrate',
      'import',
      'verify',
      'backup',
      'restore',
      'audit-split',
      'predict',
      'reproduce',
    ]),
  );
});

it.each(commands)('$name refuses an option that it does not have', async ({ file }) => {
  const started = promisify(execFile)(process.execPath, [root + file, '--no-such-option'], { cwd: root });
  await expect(started).rejects.toMatchObject({
    code: expect.any(Number),
    // What it cannot do without may be missed first.
    stderr: expect.stringMatching(/no-such-option|^error: (required option|missing required argument)/),
  });
});

it.each(commands)('$name says which options it takes', async ({ file }) => {
  const { stdout } = await promisify(execFile)(process.execPath, [root + file, '--help'], { cwd: root });
  expect(stdout).toMatch(/^Usage: /);
});

/** Every command of package.json that takes options starts, and says which it takes. */
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
  return file && readFileSync(root + file, 'utf8').includes('new Command(') ? [{ name, file }] : [];
});

it('are found', () => {
  expect(commands.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'demo',
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

it.each(commands)('$name says which options it takes', async ({ file }) => {
  const { stdout } = await promisify(execFile)(process.execPath, [root + file, '--help'], { cwd: root });
  expect(stdout).toMatch(/^Usage: /);
  expect(stdout).toContain('--help');
});

/**
 * Puts the pinned Node first for npm scripts, on whatever Node the machine has. npm 11 and later link the platform
 * package's `node` by themselves; npm 10, which comes with Node 20 and 22, leaves it out.
 */
import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const modulesDir = fileURLToPath(new URL('../../../node_modules', import.meta.url));

export function linkPinnedNode() {
  const link = `${modulesDir}/.bin/node`;
  const pinned = readdirSync(modulesDir).find(
    (name) => /^node-(bin-)?(linux|darwin)-/.test(name) && existsSync(`${modulesDir}/${name}/bin/node`),
  );
  if (pinned && !existsSync(link)) symlinkSync(`../${pinned}/bin/node`, link);
}

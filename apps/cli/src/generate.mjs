/**
 * `npm run generate`, and the first step of every npm script: writes the code that is generated and not committed, where
 * its sources are not those of the last time. Installing runs no script at all (.npmrc), so this is where a fresh clone
 * becomes ready. It is plain JavaScript, because on npm 10 it runs on the machine's own Node.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkPinnedNode } from './pinned-node.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Each with the folders that it makes. The lock file stands for the versions of the generators. */
const TARGETS = [
  {
    title: 'the database client',
    folders: ['packages/store/generated'],
    sources: [
      'package-lock.json',
      'prisma/schema.prisma',
      ...['generate', 'strip-types', 'type-columns'].map((name) => `prisma/${name}.mjs`),
    ],
    command: ['node', '--disable-warning=ExperimentalWarning', 'prisma/generate.mjs'],
  },
  {
    title: 'the typed GraphQL documents',
    folders: ['apps/web/graphql/generated', 'apps/cli/generated', 'docs/generated'],
    sources: [
      'package-lock.json',
      'apps/api/schema.graphql',
      'codegen.ts',
      ...['apps/web', 'apps/cli/src', 'docs'].flatMap(listDocuments),
    ],
    command: ['node', 'codegen.ts'],
  },
];

linkPinnedNode();
for (const { title, folders, sources, command } of TARGETS) {
  const digest = digestOf(sources);
  const stamps = folders.map((folder) => join(root, folder, 'source-digest'));
  if (stamps.every((stamp) => existsSync(stamp) && readFileSync(stamp, 'utf8') === digest)) continue;
  // Not to stdout: that belongs to the command which comes next.
  console.error(`· Generating ${title}`);
  const { status } = spawnSync(command[0], command.slice(1), { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    console.error(`Generating ${title} failed: "${command.join(' ')}" ended with status ${status}.`);
    process.exit(1);
  }
  for (const stamp of stamps) writeFileSync(stamp, digest);
}

function listDocuments(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.graphql') && !/^(node_modules|\.next)\//.test(name))
    .map((name) => join(folder, name))
    .sort();
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

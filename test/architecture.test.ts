/**
 * Holds the rules of CONTRIBUTING.md that a machine can hold: who may import whom, sizes, names, and that the
 * environment is read in one file a process. An exception is a line with its reason in EXCEPTIONS below.
 */
import { basename, dirname } from 'node:path';
import type { File, Node } from '@babel/types';
import { describe, expect, it } from 'vitest';
import { findImportCircles } from './architecture/import-circles.ts';
import {
  files,
  type Import,
  listImports,
  listModuleNames,
  parseSource,
  readSource,
  visit,
} from './architecture/source-tree.ts';
import { findUnusedExports } from './architecture/unused-exports.ts';

const MAX_FILES_IN_FOLDER = 25;
const MAX_FILE_LINES = 300;
const MAX_FUNCTION_LINES = 60;
const FORBIDDEN_NAMES = /^(utils?|helpers?|common|misc|shared|lib)$/;

/** file → reason why it may be longer, or may hold a longer function. */
const LONG_FILES: Record<string, string> = {};
const LONG_FUNCTIONS: Record<string, string> = {};
/**
 * Pothos resolves an object reference (`RunRef`) when the schema is built, so files of the schema may name each other's:
 * a run has metrics, and a metric belongs to a run. Everything else that they import goes one way.
 */
const MAY_BE_CIRCULAR = ({ from, to, names }: Import) =>
  from.startsWith('apps/api/src/schema/') &&
  to.startsWith('apps/api/src/schema/') &&
  names.length > 0 &&
  names.every((name) => name.endsWith('Ref'));
/** Exports that are taken by something that is no file of ours, and by what. */
const TAKEN_ELSEWHERE = [
  'apps/api/src/background/background-thread.ts: performTask', // the thread pool
  'apps/api/src/dataset/import-preview-thread.ts: look', // the thread pool
  'packages/store/src/import/pixels/jpeg-thread.ts: decodeJpegFiles', // the thread pool
  'apps/api/src/dataset/import-preview-thread.ts: lookAtSlides', // the thread pool
  'packages/slides/src/codec/codec-thread.ts: decodeTile', // the thread pool
  'workers/train/kernel/patch-kernel.ts: turn', // the compiled kernel's caller
  'workers/train/kernel/patch-kernel.ts: stain',
  'workers/train/kernel/dropout-kernel.ts: drop',
  'workers/train/kernel/update-kernel.ts: addTo',
  'workers/train/kernel/update-kernel.ts: sumSquares',
  'workers/train/kernel/update-kernel.ts: multiply',
  'workers/train/kernel/update-kernel.ts: moveBySgd',
  'workers/train/kernel/update-kernel.ts: moveByMomentum',
  'workers/train/kernel/update-kernel.ts: moveByAdam',
  'workers/train/kernel/max-pool-kernel.ts: sendToMaxima',
  'packages/store/kernel/pixel-sums.ts: addUp',
];

/** Test folders → where the folders are that they mirror. What the API serves is tested by noun, as its schema is kept. */
const MIRRORED: Record<string, string[]> = {
  'test/domain': ['packages/domain/src'],
  'test/slides': ['packages/slides/src'],
  'test/store': ['packages/store/src'],
  'test/api': ['apps/api/src', 'apps/api/src/schema'],
  'test/train': ['workers/train/src'],
};
/** workspace folder → the workspaces that it may import. */
const MAY_IMPORT: Record<string, string[]> = {
  'packages/domain': [],
  'packages/slides': ['domain'],
  'packages/store': ['domain', 'slides'],
  'apps/api': ['domain', 'slides', 'store'],
  'apps/cli': ['domain', 'store'],
  'apps/web': [],
  'workers/train': ['domain', 'store'],
};

const sources = files.filter((file) =>
  Object.keys(MAY_IMPORT).some((workspace) => file.startsWith(`${workspace}/`)),
);

describe('the architecture', () => {
  it('lets imports flow one way: domain ← slides ← store ← api, cli, train; the web imports none of them', () => {
    const wrong = sources.flatMap((file) => {
      const workspace = Object.keys(MAY_IMPORT).find((folder) => file.startsWith(`${folder}/`))!;
      return listModuleNames(file)
        .filter((source) => source.startsWith('@microtome/') || leavesWorkspace(file, source, workspace))
        .filter((source) => !MAY_IMPORT[workspace]!.some((name) => source.startsWith(`@microtome/${name}/`)))
        .map((source) => `${file} imports ${source}`);
    });
    expect(wrong).toEqual([]);
  });

  it('has no circle of imports, neither of files nor of folders', () => {
    const imports = files.flatMap(listImports).filter((found) => !MAY_BE_CIRCULAR(found));
    expect(findImportCircles(imports)).toEqual([]);
  });

  it(`keeps at most ${MAX_FILES_IN_FOLDER} source files in a folder`, () => {
    const counts = Map.groupBy(files, dirname);
    const large = [...counts].flatMap(([folder, { length }]) =>
      length > MAX_FILES_IN_FOLDER ? [`${folder} has ${length} files`] : [],
    );
    expect(large).toEqual([]);
  });

  it('exports only what another file takes', () => {
    const unused = findUnusedExports(sources.filter((file) => !isFrameworkFile(file)));
    expect(unused.filter((line) => !TAKEN_ELSEWHERE.includes(line))).toEqual([]);
  });

  it('tests each folder in a folder of the same name', () => {
    const wrong = Object.entries(MIRRORED).flatMap(([tests, mirrored]) =>
      [...new Set(files.filter((file) => file.startsWith(`${tests}/`)).map(dirname))].filter(
        (folder) =>
          !mirrored.some((sources) =>
            files.some((file) => file.startsWith(`${folder.replace(tests, sources)}/`)),
          ),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps I/O, the clock, Prisma and TensorFlow.js out of the domain', () => {
    const allowed = new Set(['node:crypto']);
    const wrong = sources
      .filter((file) => file.startsWith('packages/domain/'))
      .flatMap((file) => [
        ...listModuleNames(file)
          .filter(
            (source) => /^(node:|pg|@prisma|@tensorflow|sharp|onnx)/.test(source) && !allowed.has(source),
          )
          .map((source) => `${file} imports ${source}`),
        ...(/\b(Date\.now|new Date\(\)|Math\.random|setTimeout)\b/.test(withoutComments(file))
          ? [`${file} reads the clock or Math.random`]
          : []),
      ]);
    expect(wrong).toEqual([]);
  });

  it('keeps TensorFlow.js and ONNX Runtime in workers/train, and the web page analyser', () => {
    const wrong = sources
      .filter((file) => !file.startsWith('workers/train/') && !file.startsWith('apps/web/'))
      .flatMap((file) =>
        listModuleNames(file)
          .filter((source) => /^(@tensorflow|onnx)/.test(source))
          .map((source) => `${file} imports ${source}`),
      );
    expect(wrong).toEqual([]);
  });

  it('reads process.env in env.ts alone', () => {
    const wrong = sources.filter(
      (file) => basename(file) !== 'env.ts' && /process\.env\b/.test(withoutComments(file)),
    );
    expect(wrong).toEqual([]);
  });

  it(`keeps files within ${MAX_FILE_LINES} lines`, () => {
    const long = files.filter(
      (file) => !(file in LONG_FILES) && readSource(file).split('\n').length - 1 > MAX_FILE_LINES,
    );
    expect(long).toEqual([]);
  });

  it(`keeps functions within ${MAX_FUNCTION_LINES} lines`, () => {
    const long = sources.flatMap((file) =>
      functionsOf(parseSource(file))
        .filter(({ lines }) => lines > MAX_FUNCTION_LINES)
        .map(({ name, lines }) => `${file}:${name}`.concat(` (${lines} lines)`))
        .filter((line) => !Object.keys(LONG_FUNCTIONS).some((exception) => line.startsWith(`${exception} `))),
    );
    expect(long).toEqual([]);
  });

  it('gives no file or folder a name that says nothing', () => {
    const wrong = files.filter((file) =>
      file
        .replace(/\.\w+$/, '')
        .split('/')
        .some((part) => FORBIDDEN_NAMES.test(part)),
    );
    expect(wrong).toEqual([]);
  });

  it('has no file that only re-exports, and no default export outside the files that a framework reads', () => {
    const wrong = sources.flatMap((file) => {
      const body = parseSource(file).program.body;
      const barrel =
        body.length > 0 &&
        body.every(
          (node) =>
            node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source),
        );
      const hasDefault =
        body.some((node) => node.type === 'ExportDefaultDeclaration') && !isFrameworkFile(file);
      return [
        ...(barrel ? [`${file} only re-exports`] : []),
        ...(hasDefault ? [`${file} has a default export`] : []),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('opens every file with a comment that says what it owns', () => {
    const wrong = sources.filter(
      (file) =>
        !/^(#!.*\n)?(['"]use client['"];?\n+)?\/\*\*/.test(readSource(file)) && !isFrameworkFile(file),
    );
    expect(wrong).toEqual([]);
  });

  it('names every file in kebab-case', () => {
    const wrong = sources.filter((file) => !/^[a-z0-9[\]]+([-.][a-z0-9[\]]+)*$/.test(basename(file)));
    expect(wrong).toEqual([]);
  });
});

/** A relative import that climbs out of its own workspace goes round the package's door. */
function leavesWorkspace(file: string, source: string, workspace: string): boolean {
  if (!source.startsWith('.')) return false;
  const target = new URL(source, `file:///${dirname(file)}/`).pathname.slice(1);
  return !target.startsWith(`${workspace}/`);
}

function withoutComments(file: string): string {
  return readSource(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
}

function isFrameworkFile(file: string): boolean {
  return /^apps\/web\/(app\/.*\/?(page|layout|error|loading|not-found|global-error|template)\.tsx|(next\.config|postcss\.config)\.\w+)$/.test(
    file,
  );
}

function functionsOf(syntax: File): { name: string; lines: number }[] {
  const found: { name: string; lines: number }[] = [];
  visit(syntax.program, (node, parent) => {
    if (
      !/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod)$/.test(
        node.type,
      )
    )
      return;
    found.push({ name: nameOf(node, parent), lines: node.loc!.end.line - node.loc!.start.line + 1 });
  });
  return found;
}

function nameOf(node: Node, parent: Node | null): string {
  if ('id' in node && node.id && 'name' in node.id) return String(node.id.name);
  if ('key' in node && node.key && typeof node.key === 'object' && 'name' in node.key)
    return String(node.key.name);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'ObjectProperty' && parent.key.type === 'Identifier') return parent.key.name;
  return 'anonymous';
}

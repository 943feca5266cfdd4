/**
 * Which files a worker loads: its programs, followed import by import, with the native libraries of this platform. What
 * is loaded by a name that only runs say (WebGPU) is named here.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { join, relative } from 'node:path';
import { nodeFileTrace } from '@vercel/nft';

/** What the starter starts: a worker of a platform, which can be given a carried job too, or one for carried jobs alone. */
export const WORKER_PROGRAM = 'workers/train/src/main.ts';
export const CARRIED_PROGRAM = 'workers/train/src/carried/carried-worker.ts';
/** What a worker starts in processes and threads of its own. */
const CHILD_PROGRAMS = [
  'workers/train/src/trainer/trainer-process.ts',
  'workers/train/src/trainer/parent-watch-thread.ts',
  'workers/train/src/batches/batch-thread.ts',
  'workers/train/src/engine/onnx/step/part-thread.ts',
  'workers/train/src/detection/probe-backend.ts',
];
/** Loaded where a slide is analysed: it brings the image libraries with it. A worker without it leaves slides to others. */
const ANALYSIS_FILE = 'workers/train/src/trainer/analyse-slide.ts';
/** Loaded by name where a GPU is looked for. */
const WEBGPU_PACKAGES = ['webgpu', '@tensorflow/tfjs-backend-webgpu'];
const WEBGPU_FILES = ['package.json', `dist/${process.platform}-${process.arch}/dawn.node`];
/** Packages bring their binaries for every platform. */
const PLATFORM_BINARY = /^node_modules\/(?:onnxruntime-node\/bin\/[^/]+|webgpu\/dist)\/(\w+)[/-](\w+)\//;
/** Type declarations and source maps that a package lists as its own assets. */
const NOT_RUN = /\.(d\.[cm]?ts|map|md)$/;

type TracedFiles = {
  /** Relative to the repository, sorted; links of workspaces are among them. */
  files: string[];
  bytes: number;
};

export type BundleContent = {
  hasWebgpu: boolean;
  /** Whether it can work for a platform by its address. */
  reachesPlatform: boolean;
  /** Whether it analyses slides for that platform. */
  readsSlides: boolean;
};

/** @throws Error when a program of the worker is not among what was found. */
export async function traceWorkerFiles(
  repositoryDir: string,
  { hasWebgpu, reachesPlatform, readsSlides }: BundleContent,
): Promise<TracedFiles> {
  const programs = [reachesPlatform ? WORKER_PROGRAM : CARRIED_PROGRAM, ...CHILD_PROGRAMS];
  const require = createRequire(join(repositoryDir, 'workers/train/package.json'));
  const entries = programs.map((program) => join(repositoryDir, program));
  if (hasWebgpu) entries.push(...WEBGPU_PACKAGES.map((name) => require.resolve(name)));
  const { fileList } = await nodeFileTrace(entries, {
    base: repositoryDir,
    ts: true,
    conditions: ['node', 'import'],
    readFile: readAsJavaScript,
    ignore: (file) =>
      isForOtherPlatform(file) || NOT_RUN.test(file) || (!readsSlides && file === ANALYSIS_FILE),
  });
  if (hasWebgpu) {
    const dir = relative(repositoryDir, await realpath(join(require.resolve('webgpu'), '..')));
    for (const file of WEBGPU_FILES) fileList.add(join(dir, file));
  }
  for (const program of programs)
    if (!fileList.has(program)) throw new Error(`${program} was not found: is this the repository?`);
  const files = [...fileList].sort();
  const sizes = await Promise.all(files.map((file) => stat(join(repositoryDir, file))));
  return { files, bytes: sizes.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0) };
}

/** The tracer parses JavaScript. Null for what is not a file, as it asks. */
async function readAsJavaScript(path: string): Promise<Buffer | string | null> {
  try {
    const content = await readFile(path);
    return path.endsWith('.ts') ? stripTypeScriptTypes(content.toString('utf8')) : content;
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return null;
    throw error;
  }
}

function isForOtherPlatform(file: string): boolean {
  const [, platform, arch] = PLATFORM_BINARY.exec(file) ?? [];
  return platform !== undefined && (platform !== process.platform || arch !== process.arch);
}

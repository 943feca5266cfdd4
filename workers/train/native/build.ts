/**
 * `npm run native:build`: builds tfjs-node-gpu's addon against the libtensorflow inside a current TensorFlow wheel, into
 * `.native/`. The package's own download is TensorFlow 2.9 for CUDA 11.2, which no current GPU stack carries and a closed
 * network never gets. The wheel is found in a given Python environment, or fetched by pip.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AppError } from '@microtome/domain/app-error';
import { Command } from 'commander';
import { readNativeBuildEnv } from './env.ts';
import { fetchOpenSlide } from './fetch-openslide.ts';

/** The TensorFlow that training, saving, loading and resuming were tried with. */
const TENSORFLOW_VERSION = '2.21.0';
/** Wheels of these versions carry libtensorflow_cc and the headers that the addon wants. */
const ACCEPTED_VERSIONS = /^2\.(2[01])\./;
/** Of the version of @tensorflow/tfjs. */
const ADDON_PACKAGE = '@tensorflow/tfjs-node-gpu@4.22.0';
/** The addon's N-API level: the highest that the package lists. */
const NAPI_VERSION = 8;

const execute = promisify(execFile);
const repositoryDir = fileURLToPath(new URL('../../../', import.meta.url));
const nativeDir = join(repositoryDir, '.native');

type Wheel = { version: string; dir: string };

await main();

async function main(): Promise<void> {
  const options = new Command('native:build')
    .description('Builds native TensorFlow for the `tensorflow` backend into .native/')
    .option('--python <path>', 'a Python whose environment holds tensorflow or tensorflow-cpu', 'python3')
    .option('--cuda', 'fetch the wheel for NVIDIA GPUs (several GB) instead of the CPU one')
    .option('--openslide', 'instead: fetch the library OpenSlide, by which slides of more scanners are read')
    .parse()
    .opts<{ python: string; cuda?: boolean; openslide?: boolean }>();
  try {
    if (options.openslide) {
      const place = await fetchOpenSlide(options.python, nativeDir);
      console.log(`· OpenSlide lies in ${place}. Processes that are started from now on read slides by it.`);
      return;
    }
    await requireTools(options.python);
    const wheel =
      (await findWheel(options.python)) ?? (await fetchWheel(options.python, options.cuda ?? false));
    console.log(`· TensorFlow ${wheel.version} in ${wheel.dir}`);
    await buildAddon(wheel);
    console.log(`· Built. TRAIN_BACKEND=auto now takes native TensorFlow ${wheel.version}.`);
  } catch (error) {
    console.error(error instanceof AppError ? error.message : error);
    process.exitCode = 1;
  }
}

async function requireTools(python: string): Promise<void> {
  const needed: [string, string[], string][] = [
    [
      python,
      ['--version'],
      `Python was not found as "${python}". Install it, or name one: npm run native:build -- --python PATH.`,
    ],
    ['g++', ['--version'], 'The C++ compiler g++ was not found. On Debian: apt-get install g++ make.'],
    ['make', ['--version'], 'make was not found. On Debian: apt-get install g++ make.'],
  ];
  for (const [command, args, sentence] of needed) {
    await execute(command, args).catch((cause) => {
      throw new AppError('UNAVAILABLE', sentence, { cause });
    });
  }
}

/** The TensorFlow of the given Python's environment, or null when it has none. */
async function findWheel(python: string, pythonPath?: string): Promise<Wheel | null> {
  // find_spec and the metadata do not load TensorFlow, which would take seconds and may need a GPU.
  const script =
    'import importlib.util,importlib.metadata as m;s=importlib.util.find_spec("tensorflow");' +
    'n=[d for d in ("tensorflow","tensorflow-cpu","tensorflow_cpu") if any(x.metadata["Name"].replace("_","-").lower()==d.replace("_","-") for x in m.distributions())];' +
    'print((m.version(n[0])+" "+s.submodule_search_locations[0]) if s and n else "")';
  const env = pythonPath
    ? { ...readNativeBuildEnv().inherited, PYTHONPATH: pythonPath }
    : readNativeBuildEnv().inherited;
  const { stdout } = await execute(python, ['-c', script], { env });
  const [version, ...rest] = stdout.trim().split(' ');
  if (!version) return null;
  if (!ACCEPTED_VERSIONS.test(version)) {
    throw new AppError(
      'BAD_INPUT',
      `The TensorFlow of "${python}" is ${version}; versions 2.20 and 2.21 are known to work. Name another Python with --python.`,
    );
  }
  return { version, dir: rest.join(' ') };
}

async function fetchWheel(python: string, cuda: boolean): Promise<Wheel> {
  const target = join(nativeDir, 'python');
  const requirement = cuda
    ? `tensorflow[and-cuda]==${TENSORFLOW_VERSION}`
    : `tensorflow-cpu==${TENSORFLOW_VERSION}`;
  console.log(`· Fetching ${requirement} with pip into .native/python`);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  // The CPU wheel's libraries stand alone; the CUDA one's live in wheels of their own, which it depends on.
  await run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    ...(cuda ? [] : ['--no-deps']),
    '--target',
    target,
    requirement,
  ]);
  const wheel = await findWheel(python, target);
  if (!wheel)
    throw new AppError(
      'INTERNAL',
      `pip installed ${requirement} into ${target}, but no TensorFlow is found there.`,
    );
  return wheel;
}

/** Fetches the package, points its `deps` at the wheel, compiles, and only then puts the result in place. */
async function buildAddon(wheel: Wheel): Promise<void> {
  const staging = join(nativeDir, 'staging');
  await rm(staging, { recursive: true, force: true });
  await fetchSources(staging);
  const lib = join(staging, 'deps', 'lib');
  await mkdir(lib, { recursive: true });
  await symlink(join(wheel.dir, 'include'), join(staging, 'deps', 'include'));
  for (const [name, target] of [
    ['libtensorflow_cc.so.2', join(wheel.dir, 'libtensorflow_cc.so.2')],
    ['libtensorflow.so', 'libtensorflow_cc.so.2'],
    ['libtensorflow_framework.so.2', join(wheel.dir, 'libtensorflow_framework.so.2')],
    ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
  ] as const) {
    await symlink(target, join(lib, name));
  }
  await access(join(lib, 'libtensorflow_cc.so.2')).catch((cause) => {
    throw new AppError(
      'BAD_INPUT',
      `${wheel.dir} holds no libtensorflow_cc.so.2: not a Linux wheel of TensorFlow.`,
      { cause },
    );
  });
  console.log('· Compiling the addon (about a minute)');
  await run(process.execPath, await nodeGypArguments(join(staging, 'lib', `napi-v${NAPI_VERSION}`)), staging);
  await writeFile(join(staging, 'tensorflow-version'), wheel.version);
  const place = join(nativeDir, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  await mkdir(dirname(place), { recursive: true });
  await rm(place, { recursive: true, force: true });
  await rename(staging, place);
}

/** The addon's sources. npm holds the archive to the registry's hash; nothing that the package depends on is needed. */
async function fetchSources(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const { stdout } = await execute('npm', ['pack', '--silent', '--pack-destination', target, ADDON_PACKAGE]);
  const archive = join(target, stdout.trim());
  await run('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
  await rm(archive);
}

async function nodeGypArguments(moduleDir: string): Promise<string[]> {
  const { nodeGyp } = readNativeBuildEnv();
  if (!nodeGyp)
    throw new AppError(
      'BAD_INPUT',
      'Run this through npm (`npm run native:build`): npm brings the compiler driver node-gyp.',
    );
  return [
    nodeGyp,
    'rebuild',
    `--nodedir=${await findNodeHeaders()}`,
    '--module_name=tfjs_binding',
    `--module_path=${moduleDir}`,
    `--napi_build_version=${NAPI_VERSION}`,
  ];
}

/** Node's headers come with the pinned Node package, so that nothing is fetched. */
async function findNodeHeaders(): Promise<string> {
  const modules = join(repositoryDir, 'node_modules');
  const names = (await readdir(modules)).filter((name) => /^node-(bin-)?(linux|darwin)-/.test(name));
  for (const name of names) {
    const found = await access(join(modules, name, 'include', 'node', 'node_api.h')).then(
      () => true,
      () => false,
    );
    if (found) return join(modules, name);
  }
  throw new AppError(
    'UNAVAILABLE',
    'The headers of the pinned Node were not found in node_modules. Run npm ci first.',
  );
}

async function run(command: string, args: string[], cwd?: string): Promise<void> {
  // npm's own setting of where Node's headers lie would win over --nodedir.
  const { npm_config_nodedir: _, ...env } = readNativeBuildEnv().inherited;
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = await once(child, 'exit');
  if (code !== 0)
    throw new AppError(
      'INTERNAL',
      `"${command} ${args.join(' ')}" ended with ${signal ?? `status ${code}`}.`,
    );
}

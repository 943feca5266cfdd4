/** The platform's starter seen from outside: a process that is started, and started again when a fault ended it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readInheritedEnv, readNodeOptions } from '../../env.ts';

const HOLDER_FILE = fileURLToPath(new URL('./hold-platform.ts', import.meta.url));
const REMEMBERED_LINES = 60;

export type Starter = {
  pid(): number;
  isRunning(): boolean;
  /** Starts the platform; resolves with the address of its database when all of it answers. */
  start(): Promise<string>;
  /** Resolves when the process has ended. */
  ended(): Promise<void>;
  /** What it said last. */
  lastWords(): string;
};

export type StarterSettings = {
  homeDir: string;
  apiPort: number;
  webPort: number;
  postgresPort: number;
  proxyPort: number;
  /** Where the dataset is. */
  importRoot: string;
  hasWeb: boolean;
  nodeOptions: string;
};

/** What every process of this platform has in its environment. */
export function buildEnv(settings: StarterSettings): NodeJS.ProcessEnv {
  return {
    ...readInheritedEnv(),
    NODE_OPTIONS: [readNodeOptions().NODE_OPTIONS, settings.nodeOptions].filter(Boolean).join(' '),
    MICROTOME_HOME: settings.homeDir,
    ARTIFACT_URL: `file:${settings.homeDir}/artifacts`,
    API_PORT: String(settings.apiPort),
    WEB_PORT: String(settings.webPort),
    TRAIN_BACKEND: 'onnx',
    TRAIN_THREADS: '1',
  };
}

export function createStarter(settings: StarterSettings): Starter {
  const lines: string[] = [];
  let child: ChildProcess | null = null;
  const isRunning = () => child !== null && child.exitCode === null && child.signalCode === null;
  const start = async () => {
    const { postgresPort, proxyPort, importRoot, hasWeb } = settings;
    const args = [String(postgresPort), String(proxyPort), importRoot, ...(hasWeb ? ['web'] : [])];
    const started = spawn(process.execPath, [HOLDER_FILE, ...args], {
      env: buildEnv(settings),
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C is for the program, which then stops the platform itself.
      detached: true,
    });
    child = started;
    const ready = Promise.withResolvers<string>();
    for (const stream of [started.stdout, started.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > REMEMBERED_LINES) lines.shift();
        if (line.startsWith('held ')) ready.resolve(line.slice('held '.length));
      });
    }
    started.once('exit', (code, signal) =>
      ready.reject(new Error(`The platform did not start (${signal ?? code}): ${lines.join('\n')}`)),
    );
    return ready.promise;
  };
  return {
    pid: () => child?.pid ?? 0,
    isRunning,
    start,
    async ended() {
      if (child && isRunning()) await once(child, 'exit');
    },
    lastWords: () => lines.join('\n'),
  };
}

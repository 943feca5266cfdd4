/**
 * OpenSlide in a child process: a slide that makes the library fall over ends the child alone, and what was asked of it
 * gets a sentence. One child reads for all slides of this process, one request after the other; it ends with its parent.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { NativeOpenSlide } from './native-openslide.ts';

const READER = fileURLToPath(new URL('../../native/openslide-reader.py', import.meta.url));
/** Longer than any region takes. */
const ANSWER_MAX_MS = 60_000;
const NEW_LINE = 10;

export type OpenSlideRequest = { path: string } & (
  | { act: 'describe' | 'close' }
  | { act: 'region'; level: number; x: number; y: number; width: number; height: number }
  | { act: 'image'; name: string; width: number; height: number }
);
type OpenSlideAnswer = { head: Record<string, unknown>; bytes: Uint8Array };
type Child = ChildProcessByStdio<Writable, Readable, null>;
type Waiting = { resolve: (answer: OpenSlideAnswer) => void; reject: (error: Error) => void };

export class OpenSlideProcess {
  readonly #native: NativeOpenSlide;
  #child: Child | null = null;
  #waiting: Waiting | null = null;
  #received: Buffer[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(native: NativeOpenSlide) {
    this.#native = native;
  }

  /** Rejects with what happened, as the end of a sentence, where the child gave no answer. */
  ask(request: OpenSlideRequest): Promise<OpenSlideAnswer> {
    const asked = this.#last.then(() => this.#exchange(request));
    this.#last = asked.catch(() => {});
    return asked;
  }

  #exchange(request: OpenSlideRequest): Promise<OpenSlideAnswer> {
    const child = this.#child ?? this.#start();
    hold(child, true);
    const { promise, resolve, reject } = Promise.withResolvers<OpenSlideAnswer>();
    this.#waiting = { resolve, reject };
    const timer = setTimeout(
      () => this.#end(child, `took more than ${ANSWER_MAX_MS / 1000} s`),
      ANSWER_MAX_MS,
    );
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting = null;
      hold(child, false);
    });
  }

  #start(): Child {
    const { python, library } = this.#native;
    const child = spawn(python, ['-I', READER, library], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child = child;
    this.#received = [];
    child.stdout.on('data', (piece: Buffer) => this.#receive(child, piece));
    child.on('error', (error) => this.#end(child, `cannot be started (${error.message})`));
    child.on('close', (code, signal) => this.#end(child, `ended with ${signal ?? `status ${code}`}`));
    // Its end is told by `close`; what could not be written to it says no more.
    child.stdin.on('error', () => {});
    return child;
  }

  #receive(child: Child, piece: Buffer): void {
    if (child !== this.#child) return;
    this.#received.push(piece);
    try {
      const answer = readAnswer(this.#received);
      if (!answer) return;
      this.#received = [];
      this.#waiting?.resolve(answer);
    } catch {
      this.#end(child, 'gave an answer that cannot be read');
    }
  }

  #end(child: Child, reason: string): void {
    child.kill('SIGKILL');
    if (child !== this.#child) return;
    this.#child = null;
    this.#waiting?.reject(new Error(reason));
  }
}

/** Whether this process stays for it: only while an answer is awaited. */
function hold(child: Child, isHeld: boolean): void {
  for (const one of [child, child.stdin, child.stdout] as { ref?(): void; unref?(): void }[]) {
    if (isHeld) one.ref?.();
    else one.unref?.();
  }
}

/** Null until all of it is there. */
function readAnswer(pieces: Buffer[]): OpenSlideAnswer | null {
  const [first] = pieces;
  const headEnd = first?.indexOf(NEW_LINE) ?? -1;
  if (!first || headEnd < 0) {
    if (pieces.length > 1) pieces.splice(0, pieces.length, Buffer.concat(pieces));
    return null;
  }
  const head = JSON.parse(first.subarray(0, headEnd).toString('utf8')) as Record<string, unknown>;
  const total = headEnd + 1 + Number(head.bytes);
  if (pieces.reduce((sum, { length }) => sum + length, 0) < total) return null;
  return { head, bytes: Buffer.concat(pieces).subarray(headEnd + 1, total) };
}

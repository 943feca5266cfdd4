/**
 * One WebSocket client: what is sent to it is bounded. While much waits to be taken by it, its operations wait too and
 * nothing is read from it; one that takes nothing for long, or for which too much waits, is told so and closed.
 */
import type { WebSocket } from 'ws';
import { CLOSE_CODES, type SocketLimits } from './socket-limits.ts';

/** What a close frame holds. */
const REASON_BYTES = 123;

export type SocketClient = {
  /** Aborted as soon as the client is to be closed or has left: its operations end. */
  signal: AbortSignal;
  /** Resolves when more may be sent to it; drops the message of a client that is being closed. */
  send(message: string): Promise<void>;
  /** Until little waits to be taken by it. */
  drained(): Promise<void>;
  close(code: number, reason: string): void;
};

export function createSocketClient(
  socket: WebSocket,
  { limits, onSlow }: { limits: SocketLimits; onSlow(waitingBytes: number): void },
): SocketClient {
  const leaving = new AbortController();
  const buffer = watchBuffer(socket, { limits, onStall: closeSlow });

  function close(code: number, reason: string): void {
    leaving.abort();
    socket.close(code, shorten(reason));
    buffer.release();
  }

  function closeSlow(): void {
    const bytes = socket.bufferedAmount;
    onSlow(bytes);
    close(
      CLOSE_CODES.SLOW_CLIENT,
      `${bytes} bytes wait to be read by you. Connect again: events are replayed.`,
    );
  }

  socket.on('close', () => {
    leaving.abort();
    buffer.release();
  });
  keepAlive(socket, limits.keepAliveMs);
  return {
    signal: leaving.signal,
    drained: buffer.drained,
    close,
    async send(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > limits.closeAboveBytes) {
        closeSlow();
        return;
      }
      socket.send(message, buffer.noteTaken);
      await buffer.drained();
    },
  };
}

type BufferWatch = { drained(): Promise<void>; noteTaken(): void; release(): void };

/** Pauses the reading from a client for as long as much waits to be taken by it, and says when it takes nothing at all. */
function watchBuffer(
  socket: WebSocket,
  { limits, onStall }: { limits: SocketLimits; onStall(): void },
): BufferWatch {
  const waiting = new Set<() => void>();
  let taken = 0;
  let stall: NodeJS.Timeout | undefined;

  const isFull = () => socket.readyState === socket.OPEN && socket.bufferedAmount > limits.waitAboveBytes;

  function release(): void {
    clearTimeout(stall);
    stall = undefined;
    // Also while it closes: its answer to the closing is read.
    socket.resume();
    for (const resolve of waiting) resolve();
    waiting.clear();
  }

  function watch(): void {
    const before = { taken, bytes: socket.bufferedAmount };
    stall = setTimeout(() => {
      if (!isFull()) release();
      else if (taken > before.taken || socket.bufferedAmount < before.bytes) watch();
      else onStall();
    }, limits.stallMs);
  }

  return {
    release,
    drained() {
      if (!isFull()) return Promise.resolve();
      if (!stall) {
        socket.pause();
        watch();
      }
      return new Promise((resolve) => waiting.add(resolve));
    },
    noteTaken() {
      taken++;
      if (stall && !isFull()) release();
    },
  };
}

/** Cuts off a client that went without a word. One that is paused cannot answer: the watch over its buffer is enough. */
function keepAlive(socket: WebSocket, intervalMs: number): void {
  let hasAnswered = true;
  const timer = setInterval(() => {
    if (socket.isPaused) return;
    if (hasAnswered) socket.ping();
    else socket.terminate();
    hasAnswered = false;
  }, intervalMs);
  socket.on('pong', () => {
    hasAnswered = true;
  });
  socket.on('close', () => clearInterval(timer));
}

function shorten(reason: string): string {
  return Buffer.from(reason)
    .subarray(0, REASON_BYTES)
    .toString()
    .replace(/\uFFFD+$/, '');
}

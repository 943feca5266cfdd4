/**
 * Sends a file in chunks, each with its SHA-256 where the browser can compute one, and goes on where an earlier try stopped: after
 * a lost connection, a restarted API, or another visit of the page with the same file.
 */
import { forgetUpload, keepUpload, readUpload } from './kept-upload.ts';

type Upload = { id: string; received: number; chunkBytes: number; path: string | null };

type Sending = {
  apiUrl: string;
  file: File;
  /** Aborted with GIVEN_UP, what has arrived is deleted; with anything else it waits for the same file. */
  signal: AbortSignal;
  /** `isWaiting`: the API does not answer, and is asked again. */
  onProgress: (progress: { received?: number; isWaiting: boolean }) => void;
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** A chunk that is not what was sent, or is at another place than the API expects, is sent again. */
const TRIES = 3;

export const GIVEN_UP = 'given up';

/** The sentence of an answer that is none that was hoped for. */
class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Where the file lies for the API. Throws what the API says against it, or the abort. */
export async function sendFile(sending: Sending): Promise<string> {
  const { file, signal } = sending;
  let upload = await findOrBegin(sending);
  let tries = 0;
  try {
    while (upload.path === null) {
      sending.onProgress({ received: upload.received, isWaiting: false });
      try {
        upload = await sendChunk(sending, upload);
        tries = 0;
      } catch (error) {
        tries++;
        const mayRepeat = error instanceof Refusal && ['BAD_INPUT', 'CONFLICT'].includes(error.code);
        if (!mayRepeat || tries >= TRIES) throw error;
        upload = await ask<Upload>(sending, `/uploads/${upload.id}`);
      }
    }
    forgetUpload(file);
    return upload.path;
  } catch (error) {
    if (signal.reason === GIVEN_UP) {
      forgetUpload(file);
      await fetch(`${sending.apiUrl}/uploads/${upload.id}`, {
        method: 'DELETE',
        credentials: 'include',
      }).catch(
        // What is left is swept by the API.
        () => undefined,
      );
    }
    throw error;
  }
}

async function findOrBegin(sending: Sending): Promise<Upload> {
  const { file } = sending;
  const kept = readUpload(file);
  if (kept !== null) {
    try {
      return await ask<Upload>(sending, `/uploads/${kept}`);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'NOT_FOUND') throw error;
    }
  }
  const upload = await ask<Upload>(sending, '/uploads', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: file.name, bytes: file.size }),
  });
  keepUpload(file, upload.id);
  return upload;
}

async function sendChunk(sending: Sending, { id, received, chunkBytes }: Upload): Promise<Upload> {
  const body = await sending.file.slice(received, received + chunkBytes).arrayBuffer();
  const hash = await hashOf(body);
  return ask<Upload>(sending, `/uploads/${id}?offset=${received}`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/octet-stream',
      ...(hash === null ? {} : { 'x-chunk-sha256': hash }),
    },
    body,
  });
}

/** Null on a page that came over plain HTTP from another machine: browsers compute none there. */
async function hashOf(content: ArrayBuffer): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Asks until the API answers. */
async function ask<Answer>(
  { apiUrl, signal, onProgress }: Sending,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const response = await fetch(apiUrl + path, { ...init, signal, credentials: 'include' }).catch(
      (error: unknown) => {
        if (signal.aborted) throw error;
        return null;
      },
    );
    if (response) return readAnswer<Answer>(response);
    onProgress({ isWaiting: true });
    await pause(pauseMs, signal);
  }
}

async function readAnswer<Answer>(response: Response): Promise<Answer> {
  if (response.ok) return (await response.json()) as Answer;
  const answer = (await response.json().catch(() => null)) as {
    error?: { code: string; message: string };
  } | null;
  throw new Refusal(
    answer?.error?.code ?? 'INTERNAL',
    answer?.error?.message ?? `The API answered with HTTP status ${response.status}.`,
  );
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/**
 * Asks the API every few seconds whether it can serve. A socket stays open while the database is away, and nothing moves:
 * then the page says why, and loads its data again when the database is back.
 */
import type { Connection } from './connection.ts';

const LOOK_INTERVAL_MS = 5_000;

type Watching = {
  apiUrl: string;
  connection: Connection;
  /** Called when the API can serve again. */
  onReady: () => void;
  intervalMs?: number;
};

/** Returns how to stop. An API that does not answer at all is the socket's to report. */
export function watchReadiness({
  apiUrl,
  connection,
  onReady,
  intervalMs = LOOK_INTERVAL_MS,
}: Watching): () => void {
  const stopping = new AbortController();
  let told: string | null = null;
  const look = async () => {
    const reason = await askReason(apiUrl, stopping.signal);
    if (stopping.signal.aborted) return;
    if (reason !== null && connection.get() !== 'lost') {
      connection.set('limited', reason);
      told = reason;
    }
    if (reason === null && told !== null) {
      const isOurs = connection.get() === 'limited' && connection.getReason() === told;
      told = null;
      if (isOurs) connection.set('connected');
      onReady();
    }
    timer = setTimeout(look, intervalMs);
  };
  let timer = setTimeout(look, intervalMs);
  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}

/** Why it cannot serve, as it says; null when it can, and when it does not answer at all. */
async function askReason(apiUrl: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(`${apiUrl}/readyz`, { signal, cache: 'no-store' });
    if (response.status !== 503) return null;
    const { error } = (await response.json()) as { error: { message: string } };
    return error.message;
  } catch {
    return null;
  }
}

/** Whether a worker is alive: a heartbeat that is too old outweighs its status. Pure. */

const SILENT_AFTER_MS = 60_000;

type WorkerVerdict = { tone: 'good' | 'accent' | 'neutral' | 'danger'; label: string };

export function judgeWorker(facts: { status: string; heartbeatAt: string; nowMs: number }): WorkerVerdict {
  const status = facts.status.toUpperCase();
  if (status === 'STOPPED' || status === 'GONE') return { tone: 'neutral', label: 'stopped' };
  if (facts.nowMs > 0 && facts.nowMs - Date.parse(facts.heartbeatAt) > SILENT_AFTER_MS) {
    return { tone: 'danger', label: 'silent' };
  }
  if (status === 'BUSY' || status === 'TRAINING' || status === 'RUNNING')
    return { tone: 'accent', label: 'training' };
  return { tone: 'good', label: facts.status.toLowerCase() };
}

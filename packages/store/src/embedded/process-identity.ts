/**
 * Which process a number means. Numbers are reused after a process ends or the machine restarts, so where
 * the system tells (Linux), the identity holds the boot and the start time too.
 */
import { readFileSync } from 'node:fs';

export type ProcessIdentity = { pid: number; startedAt: string | null };

/** The identity of a living process; null when there is none of that number. */
export function findProcess(pid: number): ProcessIdentity | null {
  if (!isProcessAlive(pid)) return null;
  return { pid, startedAt: readStartTime(pid) };
}

/** Whether exactly this process still runs. */
export function isSameProcessAlive(identity: ProcessIdentity): boolean {
  const now = findProcess(identity.pid);
  if (!now) return false;
  return identity.startedAt === null || now.startedAt === null || now.startedAt === identity.startedAt;
}

/** Whether there is a process of this number, be it ours to signal or not. */
export function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readStartTime(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may hold blanks; the start time is the 22nd field.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${boot}:${ticks}`;
  } catch {
    return null;
  }
}

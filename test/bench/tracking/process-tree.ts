/** What a process and all that it started use: resident memory and processor time, as Linux tells them. */
import { readdir, readFile } from 'node:fs/promises';

const BYTES_PER_KILOBYTE = 1024;
/** Linux counts in hundredths of a second. */
const TICKS_PER_SECOND = 100;

type Stat = { pid: number; parent: number; ticks: number };

/** Pages that several of them share count once; NaN where the system does not tell. */
export async function readTreeMemoryBytes(pid: number): Promise<number> {
  const tree = [pid, ...(await listDescendants(pid)).map((stat) => stat.pid)];
  const sizes = await Promise.all(tree.map(readShareBytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Of all that this process started, those that ended meanwhile included: the servers, without the clients. */
export async function readServersCpuSeconds(): Promise<number> {
  const servers = await listDescendants(process.pid);
  return servers.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND;
}

async function listDescendants(pid: number): Promise<Stat[]> {
  const all = await readStats();
  const found: Stat[] = [];
  for (const parents = [pid]; parents.length > 0; ) {
    const parent = parents.pop();
    const children = all.filter((stat) => stat.parent === parent);
    found.push(...children);
    parents.push(...children.map((child) => child.pid));
  }
  return found;
}

async function readStats(): Promise<Stat[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(pids.map(readStat));
}

async function readStat(pid: number): Promise<Stat> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  // Its own time, and that of children that ended.
  const ticks = fields.slice(11, 15).reduce((sum, part) => sum + part, 0);
  return { pid, parent: fields[1] ?? 0, ticks };
}

/** Of a page that n processes share, an nth. */
async function readShareBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN) * BYTES_PER_KILOBYTE;
}

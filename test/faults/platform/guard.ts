/**
 * Main file of a process that clears away after the program when that was killed: it ends every process of the home
 * folder in its first argument by its number, takes the folder's file system off and deletes the folder.
 */
import { removeHome } from './home.ts';
import { listProcesses, signalProcess } from './processes.ts';

const homeDir = process.argv[2] ?? '';
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// The program's own end, however it came about, closes the channel.
process.once('disconnect', async () => {
  for (;;) {
    const left = (await listProcesses(homeDir)).filter(({ pid }) => pid !== process.pid);
    if (left.length === 0) break;
    for (const { pid } of left) signalProcess(pid, 'SIGKILL');
  }
  await removeHome(homeDir);
  process.exit(0);
});

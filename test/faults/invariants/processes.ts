/** The platform has the processes that it should have, one of each, none stopped and none left over. */
import { listProcesses, type Role } from '../platform/processes.ts';
import type { Invariant } from './invariant.ts';

const ONE_OF_EACH: Role[] = ['starter', 'guardian', 'postgres', 'api', 'supervisor'];

export const processesAreInOrder: Invariant = {
  name: 'one process of each kind runs, and no other',
  holds: 'settled',
  async check({ bench }) {
    const found = await listProcesses(bench.home.dir);
    const wanted: Role[] = bench.hasWeb ? [...ONE_OF_EACH, 'web'] : ONE_OF_EACH;
    const count = (role: Role) => found.filter((one) => one.role === role).length;
    return [
      ...wanted
        .filter((role) => count(role) !== 1)
        .map((role) => ({ sentence: `There are ${count(role)} processes of the ${role}.` })),
      ...found
        .filter(({ role }) => !wanted.includes(role))
        .map(({ role, pid }) => ({ sentence: `A process is left over: ${role} (${pid}).` })),
      ...found
        .filter(({ isStopped }) => isStopped)
        .map(({ role, pid }) => ({ sentence: `The ${role} (${pid}) is stopped.` })),
    ];
  },
};

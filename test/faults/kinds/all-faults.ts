/** Every kind of fault that the program knows. */
import { apiFaults } from './api.ts';
import { clockFaults } from './clocks.ts';
import { connectionFaults } from './connection.ts';
import { dashboardFaults } from './dashboard.ts';
import { diskFaults } from './disk.ts';
import type { Fault } from './fault.ts';
import { fileFaults } from './files.ts';
import { floodFaults } from './floods.ts';
import { postgresFaults } from './postgres.ts';
import { starterFaults } from './starter.ts';
import { supervisorFaults } from './supervisor.ts';
import { trainerFaults } from './trainer.ts';
import { twoWorkersFault } from './two-workers.ts';

export const allFaults: readonly Fault[] = [
  ...trainerFaults,
  ...supervisorFaults,
  ...apiFaults,
  ...dashboardFaults,
  ...starterFaults,
  ...postgresFaults,
  ...connectionFaults,
  ...diskFaults,
  ...fileFaults,
  ...clockFaults,
  twoWorkersFault,
  ...floodFaults,
];

export function nameFault({ subject, act }: Fault): string {
  return `${subject}: ${act}`;
}

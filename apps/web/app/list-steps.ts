/** The first steps of a new user, each done as soon as the platform holds its result. Pure. */
import { linkToSplits } from '../address/page-addresses.ts';

export type Step = { title: string; text: string; href: string; action: string; done: boolean };

type PlatformCounts = { datasets: number; safeSplits: number; runs: number; champions: number };

export function listSteps({ datasets, safeSplits, runs, champions }: PlatformCounts): Step[] {
  return [
    {
      title: 'Import patches',
      text: 'A folder or .zip in any known layout, or with a table; refused files are listed with the reason.',
      href: '/datasets/import',
      action: 'Import dataset',
      done: datasets > 0,
    },
    {
      title: 'Split by patient',
      text: 'No patient is on two sides; the database enforces it.',
      href: linkToSplits({ create: true }),
      action: 'Create split',
      done: safeSplits > 0,
    },
    {
      title: 'Launch shallow vs deep',
      text: 'Both networks on the same split and seed, with live curves, and the colour baseline that the gate asks for.',
      href: '/launch',
      action: 'Launch',
      done: runs > 0,
    },
    {
      title: 'Promote the better one',
      text: 'Open TEST for the finalists and the baseline, compare, pass the gate.',
      href: '/models',
      action: 'Models',
      done: champions > 0,
    },
  ];
}

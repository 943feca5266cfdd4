/**
 * The section of the results page on neighbours: every training of every network by patient, alone and in context, with the paired
 * difference. Radius and weight were chosen on VALIDATION, before TEST was opened.
 */
import { readObject } from '../../apps/cli/src/graphql/json-fields.ts';
import type { ResultRunFragment } from '../generated/graphql.ts';
import { count, showSign, showSigned, table } from './page-words.ts';
import type { Results } from './train-networks.ts';

const SILENT = 'nothing to say';

export function describeContext({ byPatient, bySeed }: Pick<Results, 'byPatient' | 'bySeed'>): string[] {
  const trainings = [byPatient.runs, ...bySeed];
  const byNetwork = byPatient.runs.map((_, network) => trainings.map((runs) => runs[network]!));
  const hasSeveral = trainings.length > 1;
  return [
    'Split by patient. Each patch is read together with those of the same slide that are at most so many patch sides away. Radius, weight,',
    'temperature and threshold were chosen on VALIDATION by patient; off: they did not help there. On TEST, the patches that have a context;',
    'Δ AUC is paired on the same patches, its interval from whole patients drawn again.',
    '',
    ...table(
      ['network', 'seed', 'radius', 'patients', 'patches', 'AUC alone', 'AUC in context', 'Δ AUC', 'reading'],
      byNetwork.flat().map(describeRow),
    ),
    '',
    ...(hasSeveral ? describeMeans(byNetwork) : []),
  ];
}

function readContext({ evaluations }: ResultRunFragment) {
  return evaluations.find(({ subset }) => subset === 'TEST')?.context ?? null;
}

function describeRow(run: ResultRunFragment): string[] {
  const context = readContext(run);
  const seed = String(readObject(run.hyperparameters).seed);
  const gain = context?.gains[0];
  if (!context || !gain) return [run.architecture, seed, SILENT, '–', '–', '–', '–', '–', '–'];
  const { radius, weight, patches, patients } = context;
  const { low, high, difference: value } = gain;
  const hasInterval = typeof low === 'number' && typeof high === 'number';
  return [
    run.architecture,
    seed,
    radius === 0 ? 'off' : `${radius}, weight ${weight}`,
    count(patients),
    count(patches),
    gain.own.toFixed(3),
    gain.inContext.toFixed(3),
    hasInterval ? showSigned({ value, low, high }) : showSign(value),
    gain.verdict,
  ];
}

/** Over the seeds of a network: how much of a gain stays, and how much seeds alone move it. */
function describeMeans(byNetwork: readonly (readonly ResultRunFragment[])[]): string[] {
  const rows = byNetwork.flatMap((runs) => {
    const gains = runs.flatMap((run) => readContext(run)?.gains[0]?.difference ?? []);
    const [first] = runs;
    if (!first || gains.length === 0) return [];
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    const range = `${showSign(Math.min(...gains))} to ${showSign(Math.max(...gains))}`;
    return [[first.architecture, String(gains.length), showSign(mean), range]];
  });
  if (rows.length === 0) return [];
  return [
    'Over the seeds of a network, which move a gain as training noise does:',
    '',
    ...table(['network', 'seeds', 'mean Δ AUC', 'from seed to seed'], rows),
    '',
  ];
}

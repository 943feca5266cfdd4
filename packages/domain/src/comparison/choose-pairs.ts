/** Which pairs of a comparison are tested: with few runs every pair, with many each run against one reference. */
import { countNoun } from '../count-noun.ts';
import { MAX_TESTED_PAIRS } from './refuse-pair.ts';

/** Up to this many runs every pair is tested: 4 runs make 6 pairs. */
const EVERY_PAIR_UP_TO_RUNS = 4;

export type PairableRun = {
  id: string;
  name: string;
  /** Only runs whose TEST is open can be tested. */
  isOpen: boolean;
  validationAuc: number | null;
};

type PairChoice<Run extends PairableRun> = {
  /** The run that all others are tested against; null where every pair is tested. */
  reference: Run | null;
  /** Differences are a minus b. */
  pairs: { a: Run; b: Run }[];
  /** What is tested and what is not, in words. */
  sentence: string;
};

/** What the sentence calls what is compared, and why the reference was taken where none is asked for. */
type PairWords = { one: string; why: string };

const RUN_WORDS: PairWords = { one: 'run', why: 'the best on VALIDATION of those whose TEST is open' };

/** Without a reference the opened run with the best ROC AUC on VALIDATION becomes it: runs are never ranked on TEST. */
export function choosePairs<Run extends PairableRun>({
  runs,
  referenceId,
  words = RUN_WORDS,
}: {
  runs: readonly Run[];
  referenceId: string | null;
  words?: PairWords;
}): PairChoice<Run> {
  const wanted = runs.find(({ id }) => id === referenceId);
  if (!wanted && runs.length <= EVERY_PAIR_UP_TO_RUNS) {
    const pairs = runs.flatMap((a, at) => runs.slice(at + 1).map((b) => ({ a, b })));
    const sentence =
      pairs.length === 1 ? `The two ${words.one}s are tested against each other.` : 'Every pair is tested.';
    return { reference: null, pairs, sentence };
  }
  const reference = wanted ?? pickReference(runs);
  const pairs = runs.filter((run) => run !== reference).map((a) => ({ a, b: reference }));
  const left = (runs.length * (runs.length - 1)) / 2 - pairs.length;
  const why = wanted ? '' : `, ${words.why}`;
  const notComputed =
    left === 0 ? '' : ` The ${countNoun(left, 'pair')} without it ${left === 1 ? 'is' : 'are'} not computed.`;
  const bound =
    pairs.length > MAX_TESTED_PAIRS ? ` At most ${MAX_TESTED_PAIRS} of them are computed at once.` : '';
  return {
    reference,
    pairs,
    sentence: `Each ${words.one} is tested against '${reference.name}'${why}.${notComputed}${bound}`,
  };
}

function pickReference<Run extends PairableRun>(runs: readonly Run[]): Run {
  const rank = ({ isOpen, validationAuc }: Run) => (isOpen ? 1 : 0) * 2 + (validationAuc ?? -1);
  // The sort is stable: of equal runs the first one given wins.
  return runs.toSorted((x, y) => rank(y) - rank(x))[0] as Run;
}

/**
 * What a comparison found, in one sentence: of two, which has the higher AUC, by how much and how sure that is; of more, how
 * many pairs are told apart. The verdicts are those of `judge-difference`; nothing is decided here.
 */
import { countNoun } from '../count-noun.ts';
import { titleShortly } from '../metrics/metric.ts';
import { countUnits, hasUnits, nameIndependent, nameUnit } from '../unit/unit-words.ts';
import type { Judged, JudgedMetric } from './judge-pairs.ts';
import type { TestedPair } from './paired-comparison.ts';

/** The figure by which a claim is judged: fixed before any is seen, so it is adjusted over pairs and metrics as all are. */
const CLAIM_METRIC = 'auc';
/** More pairs than this are counted and no longer named. */
const NAMED_PAIRS_MAX = 3;

type JudgedPair = Judged<TestedPair>;

/** `of` names the side where the sentence would leave it open; `one` is what is counted where there are no units. */
type PairWords = { of: string | null; one: string };

/** Which of the two has the higher AUC, by how much, and how sure that is. */
export function describePair(pair: JudgedPair, { of, one }: PairWords): string {
  const found = findClaim(pair);
  const [a, b] = [`'${pair.a.name}'`, `'${pair.b.name}'`];
  const title = titleShortly(CLAIM_METRIC);
  if (!found) return `${a} and ${b}: ${title} does not exist, since a class is missing.`;
  const { difference, interval, verdict, adjustedP, acrossPairsP } = found;
  const on = hasUnits(pair.unit) ? countUnits(pair.unit, pair.sharedPatients) : countNoun(pair.patches, one);
  const where = `On ${on}${of === null ? '' : ` of ${of}`}`;
  if (!interval) {
    return `${where} ${title} of ${a} minus that of ${b} is ${write(difference)}, without an interval: whether that is chance cannot be told.`;
  }
  // Told from the side that leads.
  const isTurned = verdict.leader === pair.b;
  const [first, second] = isTurned ? [b, a] : [a, b];
  const [low, high] = isTurned ? [-interval[1], -interval[0]] : interval;
  const p = Math.max(adjustedP ?? 0, acrossPairsP ?? 0);
  const proof = `(${title} ${write(isTurned ? -difference : difference)}, 95 % ${nameUnit(pair.unit).by} ${write(low)} to ${write(high)}, p after Holm ${p < 0.001 ? '< 0.001' : p.toFixed(3)})`;
  switch (verdict.kind) {
    case 'BETTER':
      return `${where} ${first} is better than ${second} ${proof}.`;
    case 'FEW_PATIENTS':
      return `${where} ${first} leads ${second}, on too few ${nameIndependent(pair.unit)} to call it better ${proof}.`;
    case 'NOT_AFTER_HOLM':
      return `${where} ${first} leads ${second}, but not after Holm ${proof}.`;
    default:
      return `${where} ${first} and ${second} are not told apart ${proof}.`;
  }
}

/** The verdict on a whole comparison of runs on their opened TEST. */
export function describeComparison(pairs: readonly JudgedPair[]): string {
  const tested = pairs.filter(({ tests }) => tests !== null);
  const [first] = tested;
  if (!first) return describeNothing(pairs);
  if (tested.length === 1) return describePair(first, { of: 'TEST', one: 'patch' });
  const claims = tested.flatMap((pair) => {
    const claim = findClaim(pair);
    return claim ? [{ pair, verdict: claim.verdict }] : [];
  });
  const count = (...kinds: JudgedMetric['verdict']['kind'][]) =>
    claims.filter(({ verdict }) => kinds.includes(verdict.kind)).length;
  const better = claims.filter(({ verdict }) => verdict.kind === 'BETTER');
  const counted: [count: number, words: string][] = [
    [better.length, `told apart${nameBetter(better)}`],
    [count('FEW_PATIENTS'), `with a leader on too few ${nameIndependent(first.unit)} to call it better`],
    [count('NOT_AFTER_HOLM'), 'with a leader, but not after Holm'],
    [count('NOT_TOLD_APART'), 'not told apart'],
    [tested.length - claims.length + count('UNDEFINED'), 'without an interval'],
  ];
  const found = counted.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  const untested = pairs.length - tested.length;
  return `Of ${tested.length} pairs tested on ${titleShortly(CLAIM_METRIC)}: ${found.join(', ')}.${untested > 0 ? ` ${countNoun(untested, 'pair')} not tested.` : ''}`;
}

function describeNothing(pairs: readonly JudgedPair[]): string {
  const reasons = new Set(pairs.flatMap(({ refused }) => refused ?? []));
  const [reason] = reasons;
  return reasons.size === 1 && reason
    ? `Which is better is not tested: ${reason}`
    : 'Which is better is not tested, for the reasons below.';
}

type Claim = { pair: JudgedPair; verdict: JudgedMetric['verdict'] };

function nameBetter(claims: readonly Claim[]): string {
  if (claims.length === 0 || claims.length > NAMED_PAIRS_MAX) return '';
  const named = claims.map(({ pair: { a, b }, verdict: { leader } }) => {
    const [winner, other] = leader === a ? [a, b] : [b, a];
    return `'${winner.name}' is better than '${other.name}'`;
  });
  return ` (${named.join(', ')})`;
}

function findClaim({ metrics }: JudgedPair): JudgedMetric | undefined {
  return metrics.find(({ metric }) => metric === CLAIM_METRIC);
}

function write(value: number): string {
  const text = value.toFixed(3).replace('-', '−');
  if (Number(value.toFixed(3)) === 0) return '0.000';
  return value > 0 ? `+${text}` : text;
}

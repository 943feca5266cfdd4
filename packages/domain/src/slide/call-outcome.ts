/** What came of the call of one patch: right or wrong, and in which way. A patch is called where its probability reaches the threshold. */

export type CallOutcome = 'truePositive' | 'trueNegative' | 'falsePositive' | 'falseNegative';

export function tellOutcome(
  { label, probability }: { label: 0 | 1; probability: number },
  threshold: number,
): CallOutcome {
  const isCalled = probability >= threshold;
  if (label === 1) return isCalled ? 'truePositive' : 'falseNegative';
  return isCalled ? 'falsePositive' : 'trueNegative';
}

export function isWrong(outcome: CallOutcome): boolean {
  return outcome === 'falsePositive' || outcome === 'falseNegative';
}

/**
 * Where a threshold lies between the scores: strictly between two of them, so that a last bit of a probability,
 * which another machine may round the other way, moves no patch to the other side of it.
 */

/**
 * The threshold that calls the scores up to this place and no further; `falling` are distinct, from the highest down.
 * It is the middle between that score and the next; the score itself where no number lies between the two. Below the
 * lowest score it is the middle to 0, which no probability is below.
 */
export function cutBelow(falling: ArrayLike<number>, place: number): number {
  const called = falling[place] as number;
  const next = place + 1 < falling.length ? (falling[place + 1] as number) : Math.min(0, called);
  const middle = called / 2 + next / 2;
  // Adding 0 turns -0 into 0.
  return (middle > next && middle < called ? middle : called) + 0;
}

/** Whether two thresholds call the same of these scores. */
export function callAlike(scores: Float64Array, [a, b]: readonly [number, number]): boolean {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  return !scores.some((score) => score >= low && score < high);
}

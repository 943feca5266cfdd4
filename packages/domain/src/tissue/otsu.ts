/** Otsu's threshold: where a histogram falls into two groups that are each as alike as can be. */

/** The first value of the upper group; 0 where all values are one. */
export function findOtsuThreshold(histogram: ArrayLike<number>): number {
  let [count, sum] = [0, 0];
  for (let value = 0; value < histogram.length; value += 1) {
    count += histogram[value]!;
    sum += value * histogram[value]!;
  }
  let [lower, lowerSum, best, threshold] = [0, 0, 0, 0];
  for (let value = 0; value < histogram.length; value += 1) {
    lower += histogram[value]!;
    lowerSum += value * histogram[value]!;
    const upper = count - lower;
    if (lower === 0 || upper === 0) continue;
    const between = lower * upper * (lowerSum / lower - (sum - lowerSum) / upper) ** 2;
    if (between <= best) continue;
    best = between;
    threshold = value + 1;
  }
  return threshold;
}

/**
 * How long an analysis waits for each of its parts, one after another: told as measures of the worker, where the browser's own tools
 * and the benchmark find them.
 */
type Part = 'files' | 'pixels' | 'network';

export type PartClock = {
  time<Value>(part: Part, work: Promise<Value>): Promise<Value>;
  /** At the end. */
  tell(): void;
};

export function createPartClock(): PartClock {
  const spentMs: Record<Part, number> = { files: 0, pixels: 0, network: 0 };
  const startMs = performance.now();
  return {
    async time(part, work) {
      const fromMs = performance.now();
      try {
        return await work;
      } finally {
        spentMs[part] += performance.now() - fromMs;
      }
    },
    tell() {
      for (const [part, duration] of Object.entries(spentMs))
        performance.measure(part, { start: startMs, duration });
    },
  };
}

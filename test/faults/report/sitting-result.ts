/** What a sitting saw: every act with its recovery, and every break of an invariant. */

export type ActResult = {
  number: number;
  subject: string;
  act: string;
  recoveredBy: string;
  promisedSeconds: number | null;
  /** Seconds since the sitting began. */
  atSeconds: number;
  /** Null when it did not recover in time. */
  recoveredSeconds: number | null;
  epochsLost: number;
  epochsDoubled: number;
  breaks: string[];
};

export type SittingResult = {
  seed: number;
  minutes: number;
  /** What was left out, and why. */
  leftOut: string[];
  runs: number;
  epochs: number;
  events: number;
  reconnects: number;
  acts: ActResult[];
  /** Those of runs that no act came to, and of the end. */
  otherBreaks: string[];
  /** In all. */
  epochsLost: number;
  epochsDoubled: number;
};

export function listBreaks({ acts, otherBreaks }: SittingResult): string[] {
  return [
    ...acts.flatMap(({ number, subject, act, breaks }) =>
      breaks.map((sentence) => `Act ${number} (${subject}: ${act}): ${sentence}`),
    ),
    ...otherBreaks,
  ];
}

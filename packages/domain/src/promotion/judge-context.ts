/** The policy's wish that a model be judged by what it says with neighbours, and how the gate says that it is. */
import { NOTHING_TO_SAY } from '../context/context-evaluation.ts';

/** READ: the figures of TEST are those in context. SILENT: they were asked for, and there is nothing to say. */
export type ContextOfCandidate = 'READ' | 'SILENT';

type Candidate = { context?: ContextOfCandidate; test: object | null };
type ContextVerdict = {
  rule: string;
  kind: 'quality';
  passed: boolean;
  figure: ContextOfCandidate;
  sentence: string;
};

/** Without an opened TEST there is no figure to read. */
export function judgeContext({ context, test }: Candidate): ContextVerdict[] {
  if (!context || !test) return [];
  const passed = context === 'READ';
  const sentence = passed
    ? 'Its figures of TEST are those in context, as the policy asks; patches without one are not counted.'
    : `The policy asks for figures in context. ${NOTHING_TO_SAY}`;
  return [{ rule: 'judged-in-context', kind: 'quality', passed, figure: context, sentence }];
}

/** Put behind what a figure is called, or where it is from. */
export function sayContext(context: ContextOfCandidate | undefined): string {
  return context === 'READ' ? ' in context' : '';
}

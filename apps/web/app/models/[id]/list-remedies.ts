/** Where a person goes to mend what a rule of the gate refuses: the API says what to do, this says on which page. Pure. */
import { linkToLaunch, linkToRun, linkToRuns, linkToSplits } from '../../../address/page-addresses.ts';
import type { RuleRemedy } from '../../../graphql/generated/graphql.ts';

export type JudgedRun = { id: string; split: { id: string } | null | undefined };
type RemedyLink = { label: string; href: string };

const BASELINE = 'colour-baseline';

export function listRemedies(remedy: RuleRemedy, { id, split }: JudgedRun): RemedyLink[] {
  const splitId = split?.id ?? '';
  const links: Record<RuleRemedy, RemedyLink[]> = {
    SPLIT_BY_PATIENT: [{ label: 'Create a split', href: linkToSplits({ create: true }) }],
    SEE_AUDIT: split ? [{ label: 'The audit of the split', href: `/splits/${split.id}` }] : [],
    SEE_RUN: [{ label: 'The run', href: `/runs/${id}` }],
    CHECK_MODEL: [{ label: 'Check its model', href: `/runs/${id}` }],
    LAUNCH_AGAIN: [{ label: 'Launch again with other settings', href: linkToLaunch({ from: id }) }],
    OPEN_TEST: [{ label: 'Open TEST', href: `/runs/${id}` }],
    TRAIN_COLOUR_BASELINE: [
      { label: 'Train one', href: linkToLaunch({ from: id, preset: BASELINE }) },
      { label: 'Those on this split', href: linkToRuns({ architecture: BASELINE, split: splitId }) },
    ],
    EXAMINE: [{ label: 'Test it on other data', href: linkToRun(id, 'evaluation') }],
    CHANGE_POLICY: [{ label: 'Change the policy', href: '#policy' }],
  };
  return links[remedy];
}

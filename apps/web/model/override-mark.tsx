/** Marks a champion that got past a refusal of the gate: its history says why. */
import type { AliasOriginFragment } from '../graphql/generated/graphql.ts';
import { Badge } from '../ui/badge.tsx';
import { findPromotion } from './find-promotion.ts';

/** Of the model. */
export function OverrideMark({ aliases }: { aliases: readonly AliasOriginFragment[] }) {
  return findPromotion(aliases)?.overridden ? <Badge tone="caution">by override</Badge> : null;
}

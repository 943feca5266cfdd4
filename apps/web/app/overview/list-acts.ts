/** What people did lately that others build on: TEST opened, budgets promised, versions promoted, words said. Newest first. Pure. */
import type { RecentActsQuery } from '../../graphql/generated/graphql.ts';

export type Act = {
  id: string;
  at: string;
  who: string;
  did: string;
  /** Null where what it was done to is gone. */
  about: { label: string; href: string | null };
  /** In their own words. */
  said: string;
};

type Split = RecentActsQuery['splits']['edges'][number]['node'];
type Model = RecentActsQuery['models']['edges'][number]['node'];
type Promotion = Model['promotions'][number];
type Said = Model['comments'][number];

export function listActs({ splits, models, experiments }: RecentActsQuery): Act[] {
  return [
    ...splits.edges.flatMap(({ node }) => listOfSplit(node)),
    ...models.edges.flatMap(({ node }) => listOfModel(node)),
    ...experiments.edges.flatMap(({ node: { id, name, comments } }) =>
      comments.map((comment) => tellComment(comment, { label: name, href: `/experiments/${id}` })),
    ),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function listOfSplit({ id, name, testOpenings, testBudgets }: Split): Act[] {
  const about = { label: name, href: `/splits/${id}` };
  return [
    ...testOpenings.map((opening) => ({
      id: opening.id,
      at: opening.openedAt,
      who: opening.openedBy,
      did: 'opened TEST for',
      about: { label: opening.runName, href: opening.run ? `/runs/${opening.run.id}` : null },
      said: opening.reason,
    })),
    ...testBudgets.map((budget) => ({
      id: budget.id,
      at: budget.setAt,
      who: budget.setBy,
      did: `set the budget of TEST to ${budget.openings} on`,
      about,
      said: budget.reason,
    })),
  ];
}

function listOfModel({ id, name, promotions, comments }: Model): Act[] {
  const href = `/models/${id}`;
  return [
    ...promotions.map((promotion) => ({
      id: promotion.id,
      at: promotion.createdAt,
      who: promotion.promotedBy,
      did: tellPromotion(promotion),
      about: { label: `${name} v${promotion.version.number}`, href },
      said: promotion.reason,
    })),
    ...comments.map((comment) => tellComment(comment, { label: name, href })),
  ];
}

/** A champion against the gate never reads like a clean one. */
function tellPromotion({ act, allowed, overridden }: Promotion): string {
  if (!allowed) return act === 'ROLL_BACK' ? 'was refused to roll back to' : 'was refused to promote';
  if (act === 'DEMOTE') return 'demoted';
  const did = act === 'ROLL_BACK' ? 'rolled back to' : 'promoted';
  return overridden ? `${did}, against the gate,` : did;
}

function tellComment({ id, createdAt, author, text }: Said, about: Act['about']): Act {
  return { id, at: createdAt, who: author, did: 'commented on', about, said: text };
}

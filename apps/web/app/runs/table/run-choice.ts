/** Which runs of the table are selected: some by name, or all that match but some. Pure. */
export type RunChoice = {
  isAll: boolean;
  /** Those that are selected; those that are not, where all that match are. */
  ids: ReadonlySet<string>;
};

export const NOTHING_CHOSEN: RunChoice = { isAll: false, ids: new Set() };

export function isSelected({ isAll, ids }: RunChoice, id: string): boolean {
  return ids.has(id) !== isAll;
}

export function toggleRun({ isAll, ids }: RunChoice, id: string): RunChoice {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { isAll, ids: next };
}

export function countChosen({ isAll, ids }: RunChoice, totalCount: number): number {
  return isAll ? Math.max(0, totalCount - ids.size) : ids.size;
}

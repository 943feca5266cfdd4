/**
 * Which drawn line shows which run. A run keeps its line while it is in sight; a run that comes in takes the line of one that went, so
 * that a line of another run than before is filled, not made. Pure.
 */

/** By the id of a run: a number that is its line's. */
export type LineKeys = ReadonlyMap<string, number>;

/** `held`: a run whose line goes with it, because somebody is typing or choosing in it. */
export function keyLines(runIds: readonly string[], before: LineKeys, held: string | null): LineKeys {
  const shown = new Set(runIds);
  const free = [...before].filter(([id]) => !shown.has(id) && id !== held).map(([, key]) => key);
  let next = Math.max(-1, ...before.values()) + 1;
  return new Map(runIds.map((id) => [id, before.get(id) ?? free.shift() ?? next++]));
}

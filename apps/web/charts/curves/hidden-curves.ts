/** Which curves a legend hides, by name. Pure. */

export function toggleCurve(hidden: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(name)) next.add(name);
  return next;
}

/** Only this one; all of them again where it was the only one. */
export function isolateCurve(
  hidden: ReadonlySet<string>,
  { names, name }: { names: readonly string[]; name: string },
): ReadonlySet<string> {
  const others = names.filter((one) => one !== name);
  const isAlone = !hidden.has(name) && others.every((one) => hidden.has(one));
  return new Set(isAlone ? [] : others);
}

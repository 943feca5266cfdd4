/**
 * Of class names of Tailwind that set the same thing the last one stays. It knows the classes that the dashboard has, by a table; a test
 * compares all pairs of them with the library that knows every class there is, and is six times as large.
 */

/** By whole words: what they set → the words. */
const WORDS = {
  display: 'block inline-block inline inline-flex flex inline-grid grid table contents hidden',
  position: 'static relative absolute fixed sticky',
  visibility: 'visible invisible',
  reader: 'sr-only not-sr-only',
  line: 'underline no-underline line-through',
  shrink: 'shrink shrink-0',
  grow: 'grow grow-0',
  direction: 'flex-row flex-col',
  wrap: 'flex-wrap flex-nowrap',
  collapse: 'border-separate border-collapse',
  border: 'border border-0 border-2',
  borderStyle: 'border-dashed border-solid',
  decorationStyle: 'decoration-solid decoration-dotted decoration-dashed',
  textAlign: 'text-left text-center text-right',
  textOverflow: 'truncate text-ellipsis text-clip',
  textWrap: 'text-pretty text-balance text-nowrap',
  textSize: 'text-xs text-sm text-base text-lg text-xl text-2xl',
  family: 'font-mono font-sans',
  case: 'uppercase lowercase capitalize',
};

/** By how they begin, the longer beginnings first: what follows, if anything, is the value. */
const BEGINNINGS =
  'max-w min-w max-h min-h w h size z top right bottom left inset-x inset-y inset px py pt pr pb pl p mx my mt mr mb ml m gap-x gap-y gap border-t border-r border-b border-l border-x border-y rounded-t rounded bg shadow cursor align leading tracking animate translate-x translate-y rotate opacity self items justify basis flex grid-cols col-span list select underline-offset decoration whitespace fill break transition overflow-x overflow-y overflow line-clamp text border-spacing border font scroll-mt row-span space-x space-y'
    .split(' ')
    .toSorted((one, other) => other.length - one.length);

/** What sets these too. */
const ALSO: Readonly<Record<string, string>> = {
  p: 'px py pt pr pb pl',
  px: 'pl pr',
  py: 'pt pb',
  m: 'mx my mt mr mb ml',
  mx: 'ml mr',
  my: 'mt mb',
  gap: 'gap-x gap-y',
  size: 'w h',
  inset: 'inset-x inset-y top right bottom left',
  'inset-x': 'left right',
  'inset-y': 'top bottom',
  border: 'border-x border-y border-t border-r border-b border-l',
  'border-x': 'border-l border-r',
  'border-y': 'border-t border-b',
  rounded: 'rounded-t',
  overflow: 'overflow-x overflow-y',
  flex: 'basis grow shrink',
  textSize: 'leading',
  'line-clamp': 'display overflow',
};

const THINGS = new Map(
  Object.entries(WORDS).flatMap(([thing, words]) => words.split(' ').map((word) => [word, thing] as const)),
);
/** What joined texts became: there are a few hundred of them. */
const merged = new Map<string, string>();

export function mergeClasses(text: string): string {
  const known = merged.get(text);
  if (known !== undefined) return known;
  const set = new Set<string>();
  const kept = text
    .split(/\s+/)
    .filter(Boolean)
    .reverse()
    .filter((name) => stays(name, set))
    .reverse()
    .join(' ');
  merged.set(text, kept);
  return kept;
}

/** `set`: what the names behind it set. */
function stays(name: string, set: Set<string>): boolean {
  // "[&_svg]:size-4": what stands in brackets is no end of a condition.
  const [, when = '', what = ''] = /^((?:[^:[]*(?:\[[^\]]*\])?[^:[]*:)*)(.*)$/.exec(name) ?? [];
  const thing = findThing(what.replace(/^-/, ''));
  if (set.has(when + thing)) return false;
  for (const one of [thing, ...(ALSO[thing]?.split(' ') ?? [])]) set.add(when + one);
  return true;
}

function findThing(name: string): string {
  const thing = THINGS.get(name);
  if (thing !== undefined) return thing;
  const beginning = BEGINNINGS.find((one) => name === one || name.startsWith(`${one}-`));
  if (beginning === 'text') return /^text-\[[\d.]/.test(name) ? 'textSize' : 'textColour';
  if (beginning === 'border') return 'borderColour';
  // What it does not know is at least no two times itself.
  return beginning ?? name;
}

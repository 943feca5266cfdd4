/** Several names in one text, as a command line has them. */

/** One name in quotes, where "" is one quote, or all up to the next comma. */
const NAME = /\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/gy;

/** The names between the commas of `a, "b, with a comma", c`; empty ones are kept, so that they can be refused. */
export function parseNameList(text: string): string[] {
  const names: string[] = [];
  for (const { 0: part, 1: quoted, 2: plain = '' } of text.matchAll(NAME)) {
    names.push(quoted?.replaceAll('""', '"') ?? plain.trim());
    if (!part.endsWith(',')) break;
  }
  return names;
}

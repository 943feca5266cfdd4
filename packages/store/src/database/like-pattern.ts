/** Patterns of `like` and `ilike` for a text that people look for, in which `%`, `_` and `\` stand for themselves. */

/** For what puts its own wildcards around it, as Prisma's `contains` does. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** Anywhere in a text. */
export function likeAnywhere(text: string): string {
  return `%${escapeLike(text)}%`;
}

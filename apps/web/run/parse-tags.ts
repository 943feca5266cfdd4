/** Tags as they are typed, separated by commas: trimmed, without empty ones and repeats. */

export function parseTags(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

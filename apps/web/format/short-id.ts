/** An id in few letters: its end, because it begins with the time, which what was made together shares. */
const LETTERS = 8;

export function shortenId(id: string): string {
  return id.slice(-LETTERS);
}

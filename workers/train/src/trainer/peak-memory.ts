/** The most memory that this process has had resident so far. */

const BYTES_PER_KILOBYTE = 1024;

export function readPeakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * BYTES_PER_KILOBYTE;
}

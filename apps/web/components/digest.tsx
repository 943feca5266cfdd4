'use client';
/** A content hash, shortened, copied whole by a click. */
import { toast } from '../ui/toast.ts';

export function Digest({ value }: { value: string }) {
  async function copy() {
    await navigator.clipboard.writeText(value);
    toast.success('Digest copied');
  }
  return (
    <button
      type="button"
      onClick={copy}
      title={`${value} (click to copy)`}
      className="font-mono text-xs hover:underline"
    >
      {value.slice(0, 12)}
    </button>
  );
}

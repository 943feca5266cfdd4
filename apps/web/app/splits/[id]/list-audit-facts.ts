/** Turns an audit of any shape into named facts: only plain values are shown, names are spelled out. Pure. */

export type AuditFact = { label: string; value: string };

export function listAuditFacts(audit: unknown): AuditFact[] {
  if (typeof audit !== 'object' || audit === null || Array.isArray(audit)) return [];
  return Object.entries(audit).flatMap(([key, value]) => {
    const text = describeValue(value);
    return text === null ? [] : [{ label: spellOut(key), value: text }];
  });
}

function describeValue(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number')
    return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(3);
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number')) {
    return value.length === 0 ? 'none' : value.join(', ');
  }
  return null;
}

/** `sharedPatients` → "Shared patients". */
function spellOut(key: string): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

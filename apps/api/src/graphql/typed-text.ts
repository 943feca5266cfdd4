/** Says of an argument or input field of type String which kind of text it takes; check-arguments.ts holds it to that. */
import type { TextKind } from '@microtome/domain/text-rules';

const EXTENSION = 'text';

/** For the `extensions` of the argument or field. */
export function typed(kind: TextKind): { [EXTENSION]: TextKind } {
  return { [EXTENSION]: kind };
}

/** Null where it says nothing. */
export function readTextKind(extensions: Readonly<Record<string, unknown>>): TextKind | null {
  return (extensions[EXTENSION] as TextKind | undefined) ?? null;
}

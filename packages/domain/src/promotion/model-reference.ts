/**
 * How a text names a model and one of its versions: `[PROJECT/]NAME[@ALIAS or @NUMBER]`. Names are unique within a project alone,
 * so that the project stands before a name that several have. A name has neither '/' nor '@'.
 */
import { CHAMPION } from './promotion-act.ts';

type ModelName = {
  /** Its name or id; null where the text says none. */
  project: string | null;
  name: string;
};

type ModelReference = ModelName & {
  /** An alias, or the number of a version. */
  pointer: string;
};

export function parseModelName(text: string): ModelName {
  const slash = text.lastIndexOf('/');
  return slash < 0
    ? { project: null, name: text }
    : { project: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** The champion is meant where the text names neither an alias nor a number. */
export function parseModelReference(text: string): ModelReference {
  const at = text.lastIndexOf('@');
  const isPointed = at > text.lastIndexOf('/');
  return {
    ...parseModelName(isPointed ? text.slice(0, at) : text),
    pointer: isPointed ? text.slice(at + 1) : CHAMPION,
  };
}

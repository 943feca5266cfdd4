/**
 * What a field or a route needs of who asks, in the words of the tables: everyone, a person signed in, an act in the projects
 * of what is named, or in all projects. Judging it is in judge-need.ts.
 */
import type { Act } from '@microtome/domain/access/role';
import type { SubjectNoun } from '@microtome/store/access/subject-projects';

/** Where the request names a record: a path into the arguments, `input.runId`, whose value is an id or a list of them. */
export type Subject = { noun: SubjectNoun; at: string };

export type Need =
  | { kind: 'ANYONE' }
  /** A person who is there, not a program: a token makes no tokens. */
  | { kind: 'PERSON' }
  /** An owner of the server in person. */
  | { kind: 'ADMINISTRATOR' }
  /** In the projects of all subjects; without any, in some project: then the answer holds to those. */
  | { kind: 'ACT'; act: Act; subjects: readonly Subject[] }
  /** In every project that there is and will be: for what cannot be told apart by project. */
  | { kind: 'EVERYWHERE'; act: Act };

type Paths = { [Noun in SubjectNoun]?: string | readonly string[] };

export const anyone: Need = { kind: 'ANYONE' };
export const person: Need = { kind: 'PERSON' };
export const administrator: Need = { kind: 'ADMINISTRATOR' };

export function may(act: Act, paths: Paths = {}): Need {
  const subjects = Object.entries(paths).flatMap(([noun, at]) =>
    [at].flat().map((path) => ({ noun: noun as SubjectNoun, at: path as string })),
  );
  return { kind: 'ACT', act, subjects };
}

export function everywhere(act: Act): Need {
  return { kind: 'EVERYWHERE', act };
}

/** What stands at a path like `input.runId`; undefined where nothing does. */
export function readPath(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
}

/** The project of what is made: the one that the request names, else the home of who asks; and how descriptions say so. */
import { requireHomeProject } from '@microtome/domain/access/principal';
import type { Access } from '../access/access.ts';
import { parseRecordId } from './record-id.ts';

export const HOME_WORDS = 'that of the token, else "default", else the only one that you may record in';
export const HOME_SENTENCE = `The project that it becomes part of; when left out ${HOME_WORDS}.`;

/** BAD_INPUT where none is named and several would do. */
export function placeIn({ principal }: Access, projectId: string | null | undefined): string {
  return projectId ? parseRecordId(projectId, 'project') : requireHomeProject(principal, 'RECORD');
}

/**
 * Which choice of an import a fault is about: errors carry it as `field` in their details, so that a form can say it where
 * it was chosen.
 */
import { atField as atAnyField } from '@microtome/domain/at-field';

/** The choices that a look at a source can find fault with, by their names among the options of an import. */
type ImportField =
  | 'path'
  | 'layout'
  | 'magnification'
  | 'manifest'
  | 'map'
  | 'patientPattern'
  | 'unit'
  | 'positive'
  | 'tiling'
  | 'annotations'
  | 'labels';

/** The same as for every form, by the names of an import's choices. */
export function atField<Result>(field: ImportField, step: () => Result): Result {
  return atAnyField(field, step);
}

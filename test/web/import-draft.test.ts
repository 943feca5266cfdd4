/** What the form of an import makes of a person's choices before the API has answered. */
import { expect, it } from 'vitest';
import { EMPTY_DRAFT, mapColumn, showMeaning } from '../../apps/web/app/datasets/import/import-draft.ts';

it('a column shows what was just chosen, and a meaning is shown by one column alone', () => {
  // The API took `case` for the patient and knows nothing of `finding`; its next answer is under way.
  const look = (draft: typeof EMPTY_DRAFT) => [
    showMeaning(draft, { column: 'case', taken: 'PATIENT' }),
    showMeaning(draft, { column: 'finding', taken: null }),
  ];
  expect(look(EMPTY_DRAFT)).toEqual(['PATIENT', null]);
  const labelled = mapColumn(EMPTY_DRAFT, { column: 'finding', was: null, key: 'LABEL' });
  expect(look(labelled)).toEqual(['PATIENT', 'LABEL']);
  const moved = mapColumn(labelled, { column: 'finding', was: 'LABEL', key: 'PATIENT' });
  expect(look(moved)).toEqual([null, 'PATIENT']);
  const unused = mapColumn(labelled, { column: 'case', was: 'PATIENT', key: null });
  expect(look(unused)).toEqual([null, 'LABEL']);
  expect(unused.map).toEqual({ LABEL: 'finding', PATIENT: null });
});

/** What every part of the form of slides gets: the choices, and what is wrong with them. */
import type { SlidesDraft, SlidesErrors } from './slides-draft.ts';

export type SlidesStep = {
  draft: SlidesDraft;
  onChange: (draft: SlidesDraft) => void;
  errors: SlidesErrors;
};

/** The draws behind every interval that is kept or shown, the same for all, so that one can be repeated to the last digit. */

/** Bootstrap draws of whole patients behind every interval. */
export const EVALUATION_DRAWS = 2_000;
export const EVALUATION_SEED = 1;

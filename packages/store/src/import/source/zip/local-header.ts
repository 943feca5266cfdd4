/** The header that stands before an entry's own bytes, a short copy of its record in the directory. */

export const LOCAL_SIGNATURE = 0x04034b50;
export const LOCAL_FIXED_BYTES = 30;

export const METHOD_STORED = 0;
export const METHOD_DEFLATED = 8;

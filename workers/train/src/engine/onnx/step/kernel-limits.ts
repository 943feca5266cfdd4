/** What the step's WebAssembly kernels hold to; who compiles them and who gives them memory read it here. */

/** How many float32 they take at once. */
export const VECTOR_LANES = 4;
/** Pages of 64 KiB: 4 GiB, all that an address can say. */
export const LARGEST_MEMORY_PAGES = 65_536;

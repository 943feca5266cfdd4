/** How many float32 the step's WebAssembly kernels take at once. */
export const VECTOR_LANES = 4;

/** Where bfloat16 can be had, and the sentences that say why not. */
import { checkPrecision, explainMissingBf16, requestBackend } from '@microtome/domain/run/precision';
import { expect, it } from 'vitest';

it('lets every backend compute in float32, and one alone in bfloat16', () => {
  for (const backend of ['auto', 'onnx', 'webgpu', 'tensorflow'] as const) checkPrecision('float32', backend);
  checkPrecision('bf16', 'tensorflow');
  expect(() => checkPrecision('bf16', 'auto')).toThrow(
    "Precision 'bf16' is to be had on the backend 'tensorflow' alone, and the run asks for 'auto'. " +
      "Ask for 'tensorflow', or leave precision at 'float32'.",
  );
});

it('takes the backend that has it where the backend is left open', () => {
  expect(requestBackend('bf16', 'auto')).toBe('tensorflow');
  expect(requestBackend('float32', 'auto')).toBe('auto');
  expect(() => requestBackend('bf16', 'onnx')).toThrow("the run asks for 'onnx'");
});

it('says why a device has no bfloat16', () => {
  const on = (usesGpu: boolean, ...features: string[]) =>
    explainMissingBf16({ usesGpu, features: new Set(features) });
  expect(on(false, 'avx2', 'avx512f')).toContain(
    'This processor has no bfloat16 (neither AVX-512 BF16 nor AMX)',
  );
  expect(on(true, 'avx512_bf16')).toContain('on a GPU it was never tried');
  expect(on(false, 'avx512_bf16')).toBeNull();
  expect(on(false, 'amx_bf16')).toBeNull();
});

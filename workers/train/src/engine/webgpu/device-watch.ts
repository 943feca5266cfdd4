/**
 * Listens for what a GPU reports apart from the results of calls: that it was lost (driver reset, unplugged, out of reach)
 * or that it refused a command. Either leaves wrong numbers behind, silently; here they fail the work at hand.
 */
import { setImmediate } from 'node:timers/promises';
import { AppError } from '@microtome/domain/app-error';
import type { GpuDevice } from './dawn.ts';

export type DeviceWatch = {
  /** Whether the device can no longer be used. */
  hasFailed(): boolean;
  /** Does the work; AppError UNAVAILABLE when the device was lost or refused a command before or while it was done. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
};

export function watchDevice(device: GpuDevice, deviceName: string): DeviceWatch {
  let fault: AppError | null = null;
  // Each piece of work has its own way to fail: a race against one lasting promise would grow with every step.
  const waiting = new Set<(fault: AppError) => void>();
  const raise = (found: AppError) => {
    fault ??= found;
    for (const reject of waiting) reject(fault);
  };
  void device.lost.then(({ reason, message }) => raise(describeLoss(deviceName, reason, message)));
  device.addEventListener('uncapturederror', ({ error }) => raise(describeRefusal(deviceName, error)));
  return {
    hasFailed: () => fault !== null,
    async run(work) {
      if (fault) throw fault;
      let reject: (fault: AppError) => void = () => undefined;
      const failed = new Promise<never>((_, whenFailed) => {
        reject = whenFailed;
      });
      waiting.add(reject);
      try {
        const result = await Promise.race([work(), failed]);
        if (fault) throw fault;
        return result;
      } catch (error) {
        // The work's own error is often the first sign of a loss that is reported a moment later.
        await setImmediate();
        throw fault ?? error;
      } finally {
        waiting.delete(reject);
      }
    },
  };
}

function describeLoss(deviceName: string, reason: string, message: string): AppError {
  const why = message.trim().split('\n')[0] || reason;
  return new AppError('UNAVAILABLE', `The GPU was lost while it computed (${deviceName}): ${why}`);
}

function describeRefusal(
  deviceName: string,
  error: { message: string; constructor: { name: string } },
): AppError {
  const said = error.message.trim().split('\n')[0] ?? '';
  if (error.constructor.name === 'GPUOutOfMemoryError') {
    return new AppError(
      'UNAVAILABLE',
      `The GPU has not enough memory (${deviceName}): ${said} Choose a smaller batchSize or width.`,
    );
  }
  return new AppError('UNAVAILABLE', `The GPU refused a command (${deviceName}): ${said}`);
}

import {
  AUTO_BACKEND,
  BACKEND_NAMES,
  BACKEND_REQUESTS,
  BACKENDS,
  CPU_BACKEND,
  parseBackendRequest,
  REQUESTABLE_BACKENDS,
} from '@microtome/domain/run/backends';
import { describe, expect, it } from 'vitest';

describe('the backends', () => {
  it('come with those for GPUs before the one that works on every machine, which can be asked for', () => {
    const places = REQUESTABLE_BACKENDS.map((name) => BACKENDS[name].computesOn);
    expect(places).toEqual(places.toSorted().toReversed());
    expect(REQUESTABLE_BACKENDS).toContain(CPU_BACKEND);
    expect(BACKENDS[CPU_BACKEND].computesOn).toBe('CPU');
  });

  it('are asked for by name or left open; the oracle of tests is not to be had', () => {
    for (const request of BACKEND_REQUESTS) expect(parseBackendRequest(request)).toBe(request);
    expect(BACKEND_REQUESTS[0]).toBe(AUTO_BACKEND);
    const hidden = BACKEND_NAMES.filter((name) => !REQUESTABLE_BACKENDS.includes(name));
    expect(hidden).toEqual(['cpu']);
    for (const name of [...hidden, 'tpu', 'toString', '']) {
      expect(() => parseBackendRequest(name)).toThrow(
        `Backend '${name}' is unknown: it must be one of auto, `,
      );
    }
  });
});

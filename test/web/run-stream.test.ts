/** What a run's page makes of the stream: every epoch once, whatever a reconnect sends again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../apps/web/app/runs/[id]/describe-event.ts';
import {
  addToStream,
  EMPTY_STREAM,
  EVENTS_KEPT,
  isCrowded,
  joinEvents,
  listCurves,
  POINTS_KEPT,
  POINTS_SHOWN,
  type RunStreamState,
  readNumbersAgain,
  type StreamEvent,
  type StreamProgress,
  startFromStored,
} from '../../apps/web/app/runs/[id]/run-stream-state.ts';
import { measureProgress } from '../../apps/web/run/measure-progress.ts';
import { CATALOGUE } from './metric-catalogue.ts';

function epochEvent(seq: number, epoch: number, value = epoch / 100): StreamEvent {
  return {
    __typename: 'RunEvent',
    seq,
    kind: 'EPOCH',
    attempt: 1,
    at: '2026-01-01T00:00:00Z',
    payload: { epoch },
    metrics: [{ name: 'validation.auc', value }],
  };
}

function progress(part: Partial<StreamProgress>): StreamProgress {
  return {
    __typename: 'RunProgress',
    attempt: 1,
    phase: 'training',
    epoch: 1,
    epochs: 10,
    batch: 0,
    batches: 100,
    ...part,
  };
}

describe('the stream of a run', () => {
  it('gives the same curves when any part of it is sent again after a reconnect', () => {
    const events = Array.from({ length: 12 }, (_, index) => epochEvent(index + 1, index + 1));
    const straight = listCurves(addToStream(EMPTY_STREAM, events).series);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }), (cut, back) => {
        const before = addToStream(EMPTY_STREAM, events.slice(0, cut));
        const again = addToStream(before, events.slice(Math.max(0, cut - back)));
        expect(listCurves(again.series)).toEqual(straight);
        expect(again.events).toHaveLength(12);
      }),
    );
  });

  it('is the same object when nothing in it is new, so that nothing is drawn again', () => {
    const state = addToStream(EMPTY_STREAM, [epochEvent(1, 1)]);
    expect(addToStream(state, [epochEvent(1, 1)])).toBe(state);
  });

  it('draws points by rising epoch and leaves earlier states as they were', () => {
    const first = addToStream(EMPTY_STREAM, [epochEvent(1, 1)]);
    const second = addToStream(first, [epochEvent(2, 3), epochEvent(3, 2)]);
    expect(listCurves(second.series)[0]?.points.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(listCurves(first.series)[0]?.points).toHaveLength(1);
  });

  it('knows the newest epoch that was the best so far', () => {
    const best = { ...epochEvent(2, 2), payload: { epoch: 2, best: true } };
    expect(addToStream(EMPTY_STREAM, [epochEvent(1, 1), best, epochEvent(3, 3)]).bestEpoch).toBe(2);
  });

  it('goes on from what is stored, with the same curves as a stream from the beginning', () => {
    const events = Array.from({ length: 12 }, (_, index) => epochEvent(index + 1, index + 1));
    const straight = addToStream(EMPTY_STREAM, events);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3 }), (lastSeq, ahead) => {
        // The numbers are read after the number of the newest event, and may hold more epochs than that.
        const known = events.slice(0, lastSeq + ahead);
        const points = known.map((_, index) => ({ epoch: index + 1, step: 0, value: (index + 1) / 100 }));
        const metrics =
          points.length > 0 ? [{ name: 'validation.auc', pointCount: points.length, points }] : [];
        const stored = startFromStored({ lastSeq, epochsDone: lastSeq, bestEpoch: null, metrics });
        const state = addToStream(stored, events.slice(lastSeq));
        expect(listCurves(state.series)).toEqual(listCurves(straight.series));
        expect([state.lastSeq, state.epochsDone]).toEqual([12, 12]);
      }),
    );
  });

  it('keeps no more for more epochs, and loses none that ends while its numbers are read again', () => {
    const epochs = 4 * POINTS_KEPT;
    let state: RunStreamState = EMPTY_STREAM;
    let most = 0;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      state = addToStream(state, [epochEvent(epoch, epoch)]);
      if (isCrowded(state)) {
        // What the server has thinned, as it was three epochs ago.
        const known = epoch - 3;
        const step = known / POINTS_SHOWN;
        const points = Array.from({ length: POINTS_SHOWN }, (_, at) => Math.round((at + 1) * step));
        state = readNumbersAgain(state, {
          lastSeq: known,
          epochsDone: known,
          metrics: [
            {
              name: 'validation.auc',
              pointCount: known,
              points: points.map((place) => ({ epoch: place, step: 0, value: place / 100 })),
            },
          ],
        });
        expect(state.epochsDone).toBe(epoch);
      }
      const [curve] = listCurves(state.series);
      most = Math.max(most, curve!.points.length);
      if (epoch % 50 === 0) expect(curve!.points.slice(-3).map((point) => point.epoch)).toContain(epoch - 1);
    }
    expect(most).toBeLessThanOrEqual(POINTS_KEPT + 1);
    expect(state.events.length).toBeLessThanOrEqual(EVENTS_KEPT);
    expect(state.thinned).toEqual(new Set(['validation.auc']));
  });

  it('leaves the curves alone while batches are counted', () => {
    const state = addToStream(EMPTY_STREAM, [epochEvent(1, 1)]);
    const counted = addToStream(state, [progress({ batch: 3 })]);
    expect(counted.progress?.batch).toBe(3);
    expect(counted.series).toBe(state.series);
  });

  it('shows each line of the log once, read or heard', () => {
    const events = Array.from({ length: 6 }, (_, index) => epochEvent(index + 1, index + 1));
    const joined = joinEvents(events.slice(0, 4), events.slice(2));
    expect(joined.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(joinEvents([], events.slice(4)).map(({ seq }) => seq)).toEqual([5, 6]);
  });
});

describe('the bar of a run', () => {
  it('never falls back when an epoch ends before the next one begins', () => {
    const atEnd = measureProgress({ epochs: 10, epochsDone: 0, live: progress({ batch: 100 }) });
    const validating = measureProgress({
      epochs: 10,
      epochsDone: 0,
      live: progress({ phase: 'validating' }),
    });
    const settled = measureProgress({ epochs: 10, epochsDone: 1, live: progress({ batch: 100 }) });
    const next = measureProgress({ epochs: 10, epochsDone: 1, live: progress({ epoch: 2, batch: 0 }) });
    const shares = [atEnd, validating, settled, next].map(({ share }) => share);
    expect(shares).toEqual([0.1, 0.1, 0.1, 0.1]);
  });

  it('shows that something goes on before the first number is there', () => {
    expect(measureProgress({ epochs: 10, epochsDone: 0, live: null }).share).toBeNull();
  });

  it('says how much time is left as soon as the worker estimates it', () => {
    const { line } = measureProgress({
      epochs: 10,
      epochsDone: 0,
      live: progress({ batch: 2, secondsLeft: 100 }),
    });
    expect(line).toBe('epoch 1 of 10 · 1 min 40 s left');
  });

  it('stays between 0 and 1 whatever arrives', () => {
    const live = fc.record({ epoch: fc.nat(30), batch: fc.nat(500), batches: fc.nat(200) });
    fc.assert(
      fc.property(live, fc.nat(30), (part, epochsDone) => {
        const { share } = measureProgress({ epochs: 10, epochsDone, live: progress(part) });
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a line of the log', () => {
  it('says why a run failed', () => {
    const failed = {
      kind: 'STATUS',
      payload: { status: 'FAILED', error: 'out of memory' },
      metrics: [],
    } as const;
    const line = describeEvent(failed, CATALOGUE);
    expect(line).toEqual({ text: 'FAILED: out of memory', tone: 'danger' });
  });

  it('says that a cancel was asked for, that a run was tried again and that an attempt was lost', () => {
    const describe = (payload: object) =>
      describeEvent({ kind: 'STATUS', payload, metrics: [] }, CATALOGUE).text;
    expect(describe({ status: 'RUNNING', cancelRequested: true })).toBe('cancel requested');
    expect(describe({ status: 'QUEUED', retried: true })).toBe('QUEUED: tried again');
    expect(describe({ status: 'QUEUED', outcome: 'LOST' })).toBe('QUEUED: the attempt ended (lost)');
  });

  it('names the epoch and its key figures', () => {
    expect(describeEvent(epochEvent(1, 3, 0.91), CATALOGUE).text).toBe('epoch 3 · validation.auc 0.910');
  });

  it('shows a payload that it does not know as it is, rather than nothing', () => {
    expect(describeEvent({ kind: 'LOG', payload: { odd: 1 }, metrics: [] }, CATALOGUE).text).toBe(
      '{"odd":1}',
    );
  });
});

/** Numbers and times are written the same way on every page, and never as a figure that is not there. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAmount,
  formatBytes,
  formatCount,
  formatFigure,
  formatInterval,
  formatMetric,
  formatPValue,
  formatShare,
  formatSigned,
  formatTick,
} from '../../apps/web/format/format-number.ts';
import {
  countSeconds,
  formatAgo,
  formatDateTime,
  formatDuration,
  formatExactly,
  formatTimeLeft,
  formatUtc,
} from '../../apps/web/format/format-time.ts';
import { tellApart, tellProjects } from '../../apps/web/format/tell-apart.ts';

describe('a metric', () => {
  it('that is undefined is a dash, never 0 or NaN', () => {
    for (const missing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(formatMetric(missing)).toBe('–');
      expect(formatShare(missing)).toBe('–');
      expect(formatSigned(missing)).toBe('–');
    }
  });

  it('between 0 and 1 has three decimals that are within half a thousandth of it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0005, max: 1, noNaN: true }), (value) => {
        expect(formatMetric(value)).toMatch(/^[01]\.\d{3}$/);
        expect(Math.abs(Number(formatMetric(value)) - value)).toBeLessThanOrEqual(0.0005 + 1e-12);
      }),
    );
  });

  it('too small for three decimals is written as a power of ten, so that it does not read as 0', () => {
    expect(formatMetric(0.000125)).toBe('1.3e−4');
    expect(formatMetric(0)).toBe('0.000');
  });

  it('that is a rate is written without decimals', () => {
    expect(formatFigure(514.822)).toBe('515');
    expect(formatFigure(2411.4)).toBe('2,411');
    expect(formatFigure(0.92)).toBe('0.920');
  });

  it('that is an amount keeps three digits, so that an axis reads alike', () => {
    expect([1234, 100, 95, 39.8151, 0.4].map(formatAmount)).toEqual(['1,234', '100', '95', '39.8', '0.4']);
    expect(formatAmount(null)).toBe('–');
  });

  it('has the same minus in all forms', () => {
    const forms = [
      formatMetric,
      formatFigure,
      formatAmount,
      formatCount,
      formatSigned,
      formatShare,
      formatTick,
    ];
    for (const value of [-0.25, -1234, -0.0001]) {
      for (const form of forms)
        expect([form.name, form(value)]).toEqual([form.name, expect.not.stringContaining('-')]);
    }
    expect(formatTick(-0.25)).toBe('−0.25');
    expect([0, 0.5, 1_500_000, 1e-6].map(formatTick)).toEqual(['0', '0.5', '1,500,000', '0.000001']);
  });
});

describe('names to choose from', () => {
  it('are told apart by what they stand on, else by their ids, and only where they are equal', () => {
    const things = [
      { id: '11111111-a', name: 'by patient', on: 'breast' },
      { id: '22222222-b', name: 'by patient', on: 'colon' },
      { id: '33333333-c', name: 'folds', on: 'breast' },
      // Made at one moment: they begin alike.
      { id: '01a226d9-4444-e4444444', name: 'twice', on: 'breast' },
      { id: '01a226d9-5555-e5555555', name: 'twice', on: 'breast' },
    ];
    expect(tellApart(things).map(({ name }) => name)).toEqual([
      'by patient · breast',
      'by patient · colon',
      'folds',
      'twice · e4444444',
      'twice · e5555555',
    ]);
  });

  it('are told apart by their projects where what they stand on is named alike too', () => {
    const things = ['north', 'south'].map((ward) => ({
      ...{ id: `${ward}-1`, name: 'by patient', on: 'breast', project: { name: ward } },
    }));
    expect(tellApart(things).map(({ name }) => name)).toEqual(['by patient · north', 'by patient · south']);
    const others = [...things, { id: 'x', name: 'folds', on: 'breast', project: { name: 'north' } }];
    expect(tellProjects(others).map(({ name }) => name)).toEqual([
      'by patient · north',
      'by patient · south',
      'folds',
    ]);
  });
});

describe('a statistic', () => {
  it('has a p-value that is never written as 0', () => {
    expect(formatPValue(0)).toBe('< 0.001');
    expect(formatPValue(0.00049)).toBe('< 0.001');
    expect(formatPValue(0.012)).toBe('0.012');
  });

  it('has an interval with both ends or none', () => {
    expect(formatInterval([0.886, 0.949])).toBe('0.886 to 0.949');
    expect(formatInterval(null)).toBe('–');
    expect(formatInterval([])).toBe('–');
  });

  it('shows the sign of a difference', () => {
    expect(formatSigned(0.023)).toBe('+0.023');
    expect(formatSigned(-0.013)).toBe('−0.013');
  });
});

describe('a size or a time', () => {
  it('is in the largest unit that leaves a number of at least 1', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(1536)).toBe('1.5 KiB');
    expect(formatBytes('228000000')).toBe('217 MiB');
  });

  it('reads as a person would say it', () => {
    expect(formatDuration(4.23)).toBe('4.2 s');
    expect(formatDuration(200)).toBe('3 min 20 s');
    expect(formatDuration(7500)).toBe('2 h 05 min');
    expect(formatTimeLeft(null)).toBe('estimating time left');
    expect(formatTimeLeft(0.2)).toBe('almost done');
    expect(formatTimeLeft(100)).toBe('1 min 40 s left');
  });

  it('of a run counts to its end, or to now while it goes on, and is nothing before it began', () => {
    const startedAt = '2026-01-01T00:00:00Z';
    const nowMs = Date.parse('2026-01-01T00:10:00Z');
    expect(countSeconds({ startedAt, finishedAt: null, nowMs })).toBe(600);
    expect(countSeconds({ startedAt, finishedAt: '2026-01-01T00:01:00Z', nowMs })).toBe(60);
    expect(countSeconds({ startedAt: null, finishedAt: null, nowMs })).toBeNull();
    expect(formatAgo(startedAt, nowMs)).toBe('10 min ago');
  });
});

describe('a moment', () => {
  const moment = '2026-11-29T23:05:09.120Z';
  const german = { locale: 'de-DE', timeZone: 'Europe/Berlin' };
  const american = { locale: 'en-US', timeZone: 'America/New_York' };
  /** Some versions write a narrow space before PM. */
  const plain = (text: string) => text.replaceAll('\u202F', ' ');

  it('is written by the reader’s language and time zone', () => {
    expect(formatDateTime(moment, german)).toBe('30.11.2026, 00:05:09');
    expect(plain(formatDateTime(moment, american))).toBe('11/29/2026, 06:05:09 PM');
  });

  it('says the time zone where one asks for it, and is UTC in a file', () => {
    expect(plain(formatExactly(moment, american))).toBe('Nov 29, 2026, 6:05:09 PM EST');
    expect(formatExactly(moment, german)).toMatch(/^30\. Nov\. 2026, 0:05:09 (MEZ|GMT\+1)$/);
    expect(formatUtc(moment)).toBe('2026-11-29 23:05:09 UTC');
  });

  it('is as wide on each line, at any hour and day', () => {
    const widths = ['2026-01-02T03:04:05Z', '2026-12-31T13:59:59Z'].map(
      (at) => formatDateTime(at, american).length,
    );
    expect(new Set(widths).size).toBe(1);
  });
});

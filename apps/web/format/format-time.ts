/**
 * How moments and durations are written. Pure: the current time is passed in. Words are those of the pages, English; the
 * date and the clock are the reader's own, in order, digits and time zone, which only the browser knows: what is drawn on
 * the server shows none. A file is read by anybody anywhere, and says UTC.
 */

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/** 42 s, 3 min 20 s, 2 h 05 min, 3 d 4 h. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 10 && seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  if (whole < MINUTE_SECONDS) return `${whole} s`;
  if (whole < HOUR_SECONDS) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  if (whole < DAY_SECONDS) return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / DAY_SECONDS)} d ${Math.floor((whole % DAY_SECONDS) / 3600)} h`;
}

export function formatTimeLeft(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return 'estimating time left';
  if (seconds < 1) return 'almost done';
  return `${formatDuration(Math.ceil(seconds))} left`;
}

/** Seconds from `startedAt` to `finishedAt`, or to `nowMs` while it is running; null before it started. */
export function countSeconds(span: {
  startedAt: string | null | undefined;
  finishedAt: string | null | undefined;
  nowMs: number;
}): number | null {
  if (!span.startedAt) return null;
  const endMs = span.finishedAt ? Date.parse(span.finishedAt) : span.nowMs;
  return Math.max(0, (endMs - Date.parse(span.startedAt)) / 1000);
}

/** "just now", "4 min ago"; after a week, the date. */
export function formatAgo(moment: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(moment)) / 1000;
  if (seconds < 5) return 'just now';
  if (seconds < MINUTE_SECONDS) return `${Math.floor(seconds)} s ago`;
  if (seconds < HOUR_SECONDS) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < DAY_SECONDS) return `${Math.floor(seconds / HOUR_SECONDS)} h ago`;
  if (seconds < 7 * DAY_SECONDS) return `${Math.floor(seconds / DAY_SECONDS)} d ago`;
  return formatDate(moment);
}

/** Whose language and time zone a moment is written in; left out, those of this browser. */
type Reader = { locale?: string; timeZone?: string };

const DATE = { dateStyle: 'medium' } as const;
const DAY_AND_CLOCK = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;
const EXACTLY = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
} as const;

/** By how they write. To make one takes a hundred times as long as to write by it, and a table has a moment or two a row. */
const writers = new Map<object, Map<string, Intl.DateTimeFormat>>();

function findWriter(how: Intl.DateTimeFormatOptions, { locale, timeZone }: Reader): Intl.DateTimeFormat {
  const ofKind = writers.get(how) ?? new Map<string, Intl.DateTimeFormat>();
  writers.set(how, ofKind);
  const reader = `${locale} ${timeZone}`;
  const known = ofKind.get(reader);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...how, timeZone });
  ofKind.set(reader, made);
  return made;
}

function formatDate(moment: string): string {
  return findWriter(DATE, {}).format(new Date(moment));
}

/** Date and time to the second, as wide on each line of a log: 11/29/2026, 02:05:09 PM · 29.11.2026, 14:05:09 */
export function formatDateTime(moment: string, reader: Reader = {}): string {
  return findWriter(DAY_AND_CLOCK, reader).format(new Date(moment));
}

/** What is shown where one asks: with the time zone. Nov 29, 2026, 2:05:09 PM GMT+1 · 29. Nov. 2026, 14:05:09 MEZ */
export function formatExactly(moment: string, reader: Reader = {}): string {
  return findWriter(EXACTLY, reader).format(new Date(moment));
}

/** For a file, which is opened elsewhere and years later: 2026-11-29 13:05:09 UTC */
export function formatUtc(moment: string): string {
  return `${new Date(moment).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

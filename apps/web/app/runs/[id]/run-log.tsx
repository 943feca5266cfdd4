'use client';
/** The run's events as a log, newest at the end, and searched; follows the end unless the reader scrolled up. */
import { useQuery } from '@apollo/client/react';
import { memo, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { countNoun } from '../../../format/count-noun.ts';
import { formatCount } from '../../../format/format-number.ts';
import { formatDateTime } from '../../../format/format-time.ts';
import { RunEventsDocument } from '../../../graphql/generated/graphql.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { Input } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { describeEvent, type LogTone } from './describe-event.ts';
import { EVENTS_KEPT, joinEvents, type StreamEvent } from './run-stream-state.ts';

/** Drawn at once, with the others right after them. */
const FIRST_LINES = 60;
const NEAR_END_PX = 40;
const TONES: Record<LogTone, string> = {
  plain: '',
  good: 'text-good',
  danger: 'text-danger',
  accent: 'text-accent',
};

type RunLogProps = { runId: string; live: readonly StreamEvent[]; isShown: boolean };

/** `live` came over the stream since the page was opened; what was before is read here. */
export function RunLog({ runId, live, isShown }: RunLogProps) {
  const stored = useQuery(RunEventsDocument, {
    variables: { id: runId, last: EVENTS_KEPT },
    fetchPolicy: 'no-cache',
  });
  const events = useMemo(() => joinEvents(stored.data?.run?.events ?? [], live), [stored.data, live]);
  if (stored.error) return <Notice tone="danger">{stored.error.message}</Notice>;
  if (stored.loading) return <Skeleton className="h-40" />;
  return <SearchedLog events={events} isShown={isShown} />;
}

function SearchedLog({ events, isShown }: { events: readonly StreamEvent[]; isShown: boolean }) {
  const describe = useDescribed();
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed.trim().toLowerCase());
  const lines = useMemo(() => events.slice(-EVENTS_KEPT).map(describe), [events, describe]);
  const found = wanted ? lines.filter((line) => hasText(line, wanted)) : lines;
  const drawn = useDeferredValue(found, found.slice(-FIRST_LINES));
  const isCut = events[0] !== undefined && events[0].seq > 1;
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <Input
          type="search"
          aria-label="Search the log"
          placeholder="Search the log"
          className="max-w-72"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <p role="status" className="text-xs text-muted-foreground">
          {wanted && `${formatCount(found.length)} of ${countNoun(lines.length, 'line')}`}
        </p>
      </div>
      <LogLines lines={drawn} isCut={isCut} isSearched={wanted !== ''} isShown={isShown} />
    </>
  );
}

type LogLine = { event: StreamEvent; text: string; tone: LogTone };

/** Each event is described once, so that a new line is all that is drawn for a new event. */
function useDescribed(): (event: StreamEvent) => LogLine {
  const catalogue = useMetricCatalogue();
  return useMemo(() => {
    const lines = new WeakMap<StreamEvent, LogLine>();
    return (event) => {
      const line = lines.get(event) ?? { event, ...describeEvent(event, catalogue) };
      lines.set(event, line);
      return line;
    };
  }, [catalogue]);
}

function hasText({ event, text }: LogLine, wanted: string): boolean {
  return `${event.kind} ${text}`.toLowerCase().includes(wanted);
}

type LogLinesProps = {
  lines: readonly LogLine[];
  isCut: boolean;
  isSearched: boolean;
  isShown: boolean;
};

function LogLines({ lines, isCut, isSearched, isShown }: LogLinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new event is what moves the end, and a box that is seen again has one
  useEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, isShown]);
  return (
    <div
      ref={box}
      role="log"
      aria-label="Log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        // A box that is hidden has no end.
        if (clientHeight > 0) follows.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      }}
      className="max-h-[60vh] min-h-40 overflow-auto rounded-lg border border-line bg-surface p-3 font-mono text-xs leading-5"
    >
      {lines.length === 0 && (
        <p className="text-muted-foreground">
          {isSearched ? 'No line has this.' : 'Nothing has happened yet.'}
        </p>
      )}
      {isCut && <p className="text-muted-foreground">Older lines are not shown.</p>}
      {lines.map((line) => (
        <LogRow key={line.event.seq} line={line} />
      ))}
    </div>
  );
}

const LogRow = memo(function LogRow({ line: { event, text, tone } }: { line: LogLine }) {
  return (
    <p className="grid grid-cols-[auto_5.5rem_minmax(0,1fr)] max-sm:grid-cols-1 max-sm:pb-1.5 gap-x-3">
      <span className="text-muted-foreground">{formatDateTime(event.at)}</span>
      <span className="text-muted-foreground" title={`Event ${event.seq}, attempt ${event.attempt}`}>
        {event.kind.toLowerCase()}
      </span>
      <span className={classNames('break-words whitespace-pre-wrap', TONES[tone])}>{text}</span>
    </p>
  );
});

/**
 * Regular expressions that choose series by their names. They run in the browsers of all members, so that one whose time
 * can grow without bound is refused: repeats within repeats, references back, and many open repeats in a row. Pure.
 */
import { AppError } from '../app-error.ts';
import { checkText } from '../text-rules.ts';

/** Each multiplies the time by the length of a name. */
const OPEN_REPEATS_MAX = 3;

/** @throws AppError BAD_INPUT for what is no expression, or one that may take too long */
export function checkMetricPattern(pattern: string): string {
  const checked = checkText(pattern, 'pattern');
  try {
    new RegExp(checked, 'u');
  } catch {
    throw new AppError('BAD_INPUT', `'${checked}' is no regular expression.`);
  }
  const reason = findSlowPart(checked);
  if (reason)
    throw new AppError('BAD_INPUT', `The expression '${checked}' ${reason}, which may take too long.`);
  return checked;
}

const TOKEN =
  /\\k<[^>]*>|\\[1-9]|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|\)|[*+?]\??|\{\d+(?:,\d*)?\}\??|\||./gsu;
const REPEAT = /^(?:[*+]|\{\d+(?:,\d*)?\})/;
const OPEN_REPEAT = /^(?:[*+]|\{\d+,\})/;
const REFERENCE = /^\\(?:k|[1-9])/;

function findSlowPart(pattern: string): string | null {
  /** Whether a group that is open holds a repeat or a choice. */
  const groups: boolean[] = [];
  let closed = false;
  let openRepeats = 0;
  for (const [token] of pattern.matchAll(TOKEN)) {
    const isRepeat = REPEAT.test(token);
    if (REFERENCE.test(token)) return 'refers back to what it found';
    if (isRepeat && closed) return 'repeats a group that repeats or chooses';
    if (OPEN_REPEAT.test(token)) openRepeats++;
    if (isRepeat || token.startsWith('?') || token === '|') groups.fill(true);
    closed = token === ')' ? (groups.pop() ?? false) : false;
    if (token.startsWith('(')) groups.push(false);
  }
  return openRepeats > OPEN_REPEATS_MAX
    ? `has ${openRepeats} open repeats, more than ${OPEN_REPEATS_MAX}`
    : null;
}

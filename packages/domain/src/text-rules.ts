/**
 * What people type: one rule a kind of text, and one function that holds all of them. A text that is kept loses the
 * blanks around it, and letters that can be written in two ways get one of them, so that what looks the same is the same.
 */
import { AppError } from './app-error.ts';
import { findUnprintable } from './printable-text.ts';

/** Longest name of a dataset, split, experiment, run, metric or person. */
export const NAME_LENGTH_MAX = 200;

type TextRule = {
  noun: string;
  maxLength: number;
  /** May break lines. */
  hasLines?: boolean;
  /** May be left empty. */
  isOptional?: boolean;
  /** Is not ours to choose, and may hold what misleads. */
  isGiven?: boolean;
};

export const TEXT_RULES = {
  runName: { noun: 'name of the run', maxLength: NAME_LENGTH_MAX },
  datasetName: { noun: 'name of the dataset', maxLength: NAME_LENGTH_MAX },
  experimentName: { noun: 'name of the experiment', maxLength: NAME_LENGTH_MAX },
  splitName: { noun: 'name of the split', maxLength: NAME_LENGTH_MAX },
  taskName: { noun: 'name of the task', maxLength: NAME_LENGTH_MAX },
  sideName: { noun: 'name of the positive side', maxLength: NAME_LENGTH_MAX },
  /** Shorter than other names: the names of its runs begin with it. */
  sweepName: { noun: 'name of the sweep', maxLength: 120 },
  modelName: { noun: 'name of the model', maxLength: 100 },
  metricName: { noun: 'name of a metric', maxLength: NAME_LENGTH_MAX },
  panelTitle: { noun: 'title of the panel', maxLength: NAME_LENGTH_MAX },
  className: { noun: 'name of a class', maxLength: NAME_LENGTH_MAX },
  fileName: { noun: 'name of the file', maxLength: NAME_LENGTH_MAX },
  /** Whose patients a manifest names. */
  patientGroup: { noun: 'name of the group of patients', maxLength: NAME_LENGTH_MAX },
  siteName: { noun: 'name of a site', maxLength: NAME_LENGTH_MAX },
  personName: { noun: 'name of a person', maxLength: NAME_LENGTH_MAX },
  /** Of whom nothing has to be known. */
  requester: { noun: 'name of a person', maxLength: NAME_LENGTH_MAX, isOptional: true },
  accountName: { noun: 'name of the account', maxLength: NAME_LENGTH_MAX },
  projectName: { noun: 'name of the project', maxLength: NAME_LENGTH_MAX },
  viewName: { noun: 'name of the view', maxLength: NAME_LENGTH_MAX },
  /** What stands in a page's URL behind the question mark: hundreds of columns and their widths. */
  viewAddress: { noun: 'address of the view', maxLength: 20_000, isGiven: true, isOptional: true },
  reportName: { noun: 'name of the report', maxLength: NAME_LENGTH_MAX },
  reportBody: { noun: 'text of the report', maxLength: 100_000, hasLines: true, isOptional: true },
  tokenName: { noun: 'name of the token', maxLength: NAME_LENGTH_MAX },
  password: { noun: 'password', maxLength: 200, isGiven: true },
  email: { noun: 'mail address', maxLength: 320 },
  tag: { noun: 'tag', maxLength: 60 },
  reason: { noun: 'reason', maxLength: 2_000, hasLines: true },
  question: { noun: 'question', maxLength: 2_000, hasLines: true, isOptional: true },
  description: { noun: 'description', maxLength: 2_000, hasLines: true, isOptional: true },
  intendedUse: { noun: 'intended use', maxLength: 10_000, hasLines: true, isOptional: true },
  notes: { noun: 'note', maxLength: 10_000, hasLines: true, isOptional: true },
  comment: { noun: 'comment', maxLength: 10_000, hasLines: true },
  /** What a program prints. */
  logText: { noun: 'text of a log', maxLength: 1_000_000, isGiven: true, isOptional: true },
  /** One of a short list of words, which says what it does not know. */
  word: { noun: 'word', maxLength: NAME_LENGTH_MAX, isOptional: true },
  /** What is looked for among texts of these rules. */
  search: { noun: 'text to look for', maxLength: 1_000, hasLines: true, isOptional: true },
  /** Of a webhook or for mail; its own check says more. */
  address: { noun: 'address', maxLength: 1_000, isGiven: true },
  /** Its own parser says more. */
  runQuery: { noun: 'line about runs', maxLength: 4_000, hasLines: true, isOptional: true },
  path: { noun: 'path', maxLength: 4_096, isGiven: true },
  /** As a table has it. */
  columnName: { noun: 'name of a column', maxLength: 1_000, isGiven: true, isOptional: true },
  /** Its own parser says more. */
  pattern: { noun: 'expression', maxLength: 500, isGiven: true },
  /** The list of a split: a quarter of a million rows of sixty characters. */
  list: { noun: 'list', maxLength: 16 * 1024 * 1024, isGiven: true },
  /** A table of scores, of as many rows. */
  scores: { noun: 'table', maxLength: 16 * 1024 * 1024, isGiven: true },
} as const satisfies Record<string, TextRule>;

export type TextKind = keyof typeof TEXT_RULES;

const LINE_BREAKS = /\r?\n|\t/g;
export const TAGS_MAX = 50;
const UNKNOWN_PERSON = 'unknown';
/** Looks like nothing, and is no white space to Unicode. */
const ONLY_BLANKS = /^[\s\u2800]*$/;

/** The text as it is kept. BAD_INPUT when it is empty, too long, or not what it looks like. */
export function checkText(text: string, kind: TextKind): string {
  const { noun, maxLength, hasLines, isOptional, isGiven }: TextRule = TEXT_RULES[kind];
  checkStorable(text, `The ${noun}`);
  const kept = isGiven ? text : text.trim().normalize('NFC');
  if (ONLY_BLANKS.test(kept)) {
    if (isOptional) return '';
    throw new AppError('BAD_INPUT', `The ${noun} is empty.`);
  }
  if (kept.length > maxLength) {
    throw new AppError('BAD_INPUT', `The ${noun} has ${kept.length} characters: at most ${maxLength} fit.`);
  }
  const misleading = isGiven ? null : findUnprintable(hasLines ? kept.replace(LINE_BREAKS, ' ') : kept);
  if (misleading) {
    const what = 'which breaks lines, turns the text around or cannot be seen';
    throw new AppError('BAD_INPUT', `The ${noun} holds the character ${misleading}, ${what}.`);
  }
  return kept;
}

/** BAD_INPUT for what no column can hold: NUL, and half of a character. `what` begins the sentence. */
export function checkStorable(text: string, what: string): void {
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    throw new AppError('BAD_INPUT', `${what} holds the character U+0000 at ${nul}, which no text may hold.`);
  }
  if (text.isWellFormed()) return;
  throw new AppError('BAD_INPUT', `${what} holds half of a character (a lone surrogate): it is not a text.`);
}

/** The person behind a recorded act. */
export function checkPerson(name: string = UNKNOWN_PERSON): string {
  return checkText(name, 'personName');
}

/** Each once, in the order given. */
export function checkTags(tags: readonly string[]): string[] {
  const checked = [...new Set(tags.map((tag) => checkText(tag, 'tag')))];
  if (checked.length > TAGS_MAX) {
    throw new AppError('BAD_INPUT', `There are ${checked.length} tags: a run takes at most ${TAGS_MAX}.`);
  }
  return checked;
}

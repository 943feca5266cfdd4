/** The lines of a panel's block as a panel, or what is wrong with the first that does not fit and where. Pure. */
import { AppError } from '../app-error.ts';
import { parseField } from '../run-query/parse-field.ts';
import { parseRunQuery, parseRunSort } from '../run-query/parse-query.ts';
import { QueryError } from '../run-query/query-error.ts';
import { TokenReader } from '../run-query/token-reader.ts';
import { checkText } from '../text-rules.ts';
import {
  CHART_METRICS_MAX,
  FIRST_LIMITS,
  MOST_RUNS,
  type NamedField,
  PANEL_MEANINGS,
  PANEL_WORDS,
  type PanelKey,
  type ReportPanel,
  type ReportPanelKind,
  TABLE_COLUMNS_MAX,
} from './report-panel.ts';

/** Both from 1, in the whole text. */
export type PanelIssue = { line: number; column: number; sentence: string };

type Given = { value: string; line: number; column: number };
type Lines = { lines: readonly string[]; firstLine: number };

class PanelError extends Error {
  readonly issue: PanelIssue;

  constructor(issue: PanelIssue) {
    super(issue.sentence);
    this.issue = issue;
  }
}

export function readPanel(
  kind: ReportPanelKind,
  lines: Lines,
): { panel: ReportPanel } | { issue: PanelIssue } {
  try {
    return { panel: buildPanel(kind, readLines(kind, lines)) };
  } catch (error) {
    if (error instanceof PanelError) return { issue: error.issue };
    throw error;
  }
}

/** Key → what is said. Blank lines, and those that begin with #, say nothing. */
function readLines(kind: ReportPanelKind, { lines, firstLine }: Lines): PanelReader {
  const known = PANEL_MEANINGS[kind].lines.map(({ key }) => key);
  const given = new Map<PanelKey, Given>();
  for (const [at, text] of lines.entries()) {
    const line = firstLine + at;
    if (/^\s*(#|$)/.test(text)) continue;
    const [, before = '', name = '', gap = '', value = ''] = /^(\s*)([^:]*)(:\s*)(.*)$/.exec(text) ?? [];
    const fail = (sentence: string, column: number) => {
      throw new PanelError({ line, column, sentence });
    };
    if (gap === '')
      fail(`'${text.trim()}' is no line of a panel: it takes lines such as "runs: status = RUNNING".`, 1);
    const key = known.find((one) => one === name.trim().toLowerCase());
    const column = before.length + 1;
    if (!key)
      return fail(`A ${PANEL_WORDS[kind]} has no '${name.trim()}': it takes ${known.join(', ')}.`, column);
    if (given.has(key)) fail(`'${key}' stands there twice.`, column);
    given.set(key, { value: value.trimEnd(), line, column: before.length + name.length + gap.length + 1 });
  }
  const missing = PANEL_MEANINGS[kind].lines.find(
    ({ key, isRequired }) => isRequired && !given.get(key)?.value,
  );
  if (missing) {
    const sentence = `A ${PANEL_WORDS[kind]} needs a line '${missing.key}'. ${missing.about}`;
    throw new PanelError({ line: firstLine - 1, column: 1, sentence });
  }
  return new PanelReader(given);
}

/** Reads values, and tells each error where its value stands. */
class PanelReader {
  readonly #given: ReadonlyMap<PanelKey, Given>;

  constructor(given: ReadonlyMap<PanelKey, Given>) {
    this.#given = given;
  }

  /** `otherwise` where the line is not there or empty. */
  read<T>(key: PanelKey, parse: (value: string) => T, otherwise: T): T {
    const given = this.#given.get(key);
    if (!given?.value) return otherwise;
    try {
      return parse(given.value);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { line, column } = given;
      // A line of a query counts its columns from its own beginning.
      if (!(error instanceof QueryError)) throw new PanelError({ line, column, sentence: error.message });
      const sentence = error.message.replace(/^Column \d+: /, '');
      throw new PanelError({ line, column: column + error.range.from, sentence: capitalise(sentence) });
    }
  }
}

function buildPanel(kind: ReportPanelKind, reader: PanelReader): ReportPanel {
  const shared = {
    title: reader.read('title', (value) => checkText(value, 'panelTitle'), null),
    runs: reader.read('runs', parseRunQuery, null),
    sort: reader.read('sort', parseRunSort, []),
    limit: reader.read('limit', (value) => parseLimit(value, MOST_RUNS[kind]), FIRST_LIMITS[kind]),
  };
  switch (kind) {
    case 'CHART':
      return {
        kind,
        ...shared,
        metrics: reader.read('metrics', parseMetrics, []),
        isLog: reader.read('scale', (value) => parseWord(value, ['linear', 'log']) === 'log', false),
      };
    case 'TABLE':
      return { kind, ...shared, columns: reader.read('columns', parseColumns, []) };
    case 'COMPARISON':
      return {
        kind,
        ...shared,
        reference: reader.read('reference', (value) => checkText(value, 'runName'), null),
        sharedPatientsOnly: reader.read(
          'shared',
          (value) => parseWord(value, ['yes', 'no']) === 'yes',
          false,
        ),
      };
  }
}

function parseMetrics(value: string): string[] {
  const names = [...new Set(value.split(',').map((name) => checkText(name, 'metricName')))];
  if (names.length > CHART_METRICS_MAX) {
    throw new AppError('BAD_INPUT', `There are ${names.length} metrics: at most ${CHART_METRICS_MAX} fit.`);
  }
  return names;
}

/** The same names as in the filter line: brackets hold commas of their own. */
function parseColumns(value: string): NamedField[] {
  const reader = new TokenReader(value);
  const columns: NamedField[] = [];
  while (columns.length === 0 || !reader.isAtEnd()) {
    if (columns.length > 0) reader.requireSign(',');
    if (columns.length === TABLE_COLUMNS_MAX)
      throw reader.refuse(`more than ${TABLE_COLUMNS_MAX} columns stand`);
    const { from } = reader.next;
    const field = parseField(reader);
    columns.push({ text: value.slice(from, reader.next.from).replace(/[\s,]+$/, ''), field });
  }
  return columns;
}

function parseLimit(value: string, most: number): number {
  const limit = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (limit >= 1 && limit <= most) return limit;
  throw new AppError('BAD_INPUT', `'${value}' is no number from 1 to ${most}.`);
}

function parseWord(value: string, words: readonly string[]): string {
  const word = words.find((one) => one === value.toLowerCase());
  if (word) return word;
  throw new AppError('BAD_INPUT', `'${value}' is none of ${words.join(', ')}.`);
}

function capitalise(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

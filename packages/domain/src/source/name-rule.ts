/**
 * How a patient, a slide and a site are told from a text: a name in a list, a path, a cell of a manifest. A rule reads
 * what is written and invents nothing; a regular expression of a user runs in linear time, whatever it and the text are.
 */
import { RE2JS } from 're2js';
import { AppError } from '../app-error.ts';
import { parseBreakhisName } from './breakhis-name.ts';
import { parseTcgaBarcode } from './tcga-barcode.ts';

export const NAME_RULES = ['breakhis', 'tcga', 'regex', 'none'] as const;

type NameRuleName = (typeof NAME_RULES)[number];

type NameFacts = { patient: string | null; slide: string | null; site: string | null };

export type NameRule = {
  name: NameRuleName;
  /** In words, as a certificate shows it. */
  about: string;
  /** The user's expression; null for the others. */
  pattern: string | null;
  /** Null where the name is not of the rule's form. */
  read(name: string): NameFacts | null;
};

const PATTERN_LENGTH_MAX = 500;
const GROUPS = ['patient', 'slide', 'site'] as const;

/** @throws AppError BAD_INPUT for an unknown rule, or an expression that is missing or cannot be used */
export function openNameRule(name: string, pattern: string | null = null): NameRule {
  if (pattern !== null && name !== 'regex') {
    throw new AppError(
      'BAD_INPUT',
      `The rule '${name}' takes no expression; '${pattern.slice(0, 60)}' is one.`,
    );
  }
  switch (name) {
    case 'breakhis':
      return {
        name,
        about: 'BreakHis names: year and number without letters are the patient, with letters the slide.',
        pattern: null,
        read: (text) => {
          const found = parseBreakhisName(text);
          return found && { patient: found.patient, slide: found.slide, site: null };
        },
      };
    case 'tcga':
      return {
        name,
        about:
          'TCGA barcodes: the first twelve characters are the patient, two of them the tissue source site.',
        pattern: null,
        read: (text) => parseTcgaBarcode(text),
      };
    case 'none':
      return { name, about: 'The ids as they stand.', pattern: null, read: () => null };
    case 'regex':
      return openPattern(pattern);
    default:
      throw new AppError('BAD_INPUT', `There is no rule '${name}'. Known: ${NAME_RULES.join(', ')}.`);
  }
}

/** The first rule that reads every one of the names; `none` when no rule does. */
export function findNameRule(names: readonly string[]): NameRule {
  const rules = [openNameRule('breakhis'), openNameRule('tcga')];
  const found = names.length > 0 && rules.find((rule) => names.every((name) => rule.read(name) !== null));
  return found || openNameRule('none');
}

/** Named groups patient, slide and site; without names the first group is the patient, without any the whole match. */
function openPattern(pattern: string | null): NameRule {
  if (!pattern) throw new AppError('BAD_INPUT', "The rule 'regex' needs an expression.");
  if (pattern.length > PATTERN_LENGTH_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `The expression has ${pattern.length} signs; at most ${PATTERN_LENGTH_MAX} are taken.`,
    );
  }
  const compiled = compile(pattern);
  const named = compiled.namedGroups();
  const groups = new Map(GROUPS.filter((name) => name in named).map((name) => [name, name]));
  const first = compiled.groupCount() > 0 ? 1 : 0;
  return {
    name: 'regex',
    about: `The expression ${pattern}`,
    pattern,
    read: (text) => {
      const matcher = compiled.matcher(text);
      if (!matcher.find()) return null;
      const take = (name: (typeof GROUPS)[number]) => (groups.has(name) ? matcher.group(name) || null : null);
      const facts = { patient: take('patient'), slide: take('slide'), site: take('site') };
      if (groups.size === 0) facts.patient = matcher.group(first) || null;
      return (facts.patient ?? facts.slide) ? facts : null;
    },
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new AppError('BAD_INPUT', `The expression ${pattern} cannot be used: ${(error as Error).message}.`);
  }
}

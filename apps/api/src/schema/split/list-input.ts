/** The text of a list as it is sent, and how it is to be understood. Bounded, and read on another thread. */
import { AppError } from '@microtome/domain/app-error';
import type { ListRequest } from '@microtome/domain/listed-split/judge-lists';
import type { NAME_RULES } from '@microtome/domain/source/name-rule';
import { TEXT_RULES } from '@microtome/domain/text-rules';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';

/** Of all files together. */
const LIST_CHARACTERS_MAX = TEXT_RULES.list.maxLength;
const FILES_MAX = 50;

export const NameRuleEnum = builder.enumType('NameRule', {
  description: 'How patient, slide and site are told from a name.',
  values: {
    BREAKHIS: { value: 'breakhis', description: 'Names of BreakHis.' },
    TCGA: { value: 'tcga', description: 'TCGA barcodes.' },
    REGEX: { value: 'regex', description: 'An expression with groups `patient`, `slide` and `site`.' },
    NONE: { value: 'none', description: 'Names are taken as they stand.' },
  } as const satisfies Record<string, { value: (typeof NAME_RULES)[number]; description: string }>,
});

const SplitListFileInput = builder.inputType('SplitListFileInput', {
  description: 'A file of a list.',
  fields: (t) => ({
    name: t.string({
      required: true,
      extensions: typed('path'),
      description: 'Its name; with several files it tells the side.',
    }),
    text: t.string({ required: true, extensions: typed('list'), description: 'CSV, TSV or JSON.' }),
    side: t.string({ extensions: typed('word'), description: 'The side of the whole file, such as TEST.' }),
  }),
});

const SplitListColumnsInput = builder.inputType('SplitListColumnsInput', {
  description: 'Columns by their names, where they are not found by themselves.',
  fields: (t) => ({
    id: t.string({ extensions: typed('columnName'), description: 'The column of ids or files.' }),
    patient: t.string({ extensions: typed('columnName'), description: 'The column of patients.' }),
    site: t.string({ extensions: typed('columnName'), description: 'The column of sites.' }),
    side: t.string({ extensions: typed('columnName'), description: 'The column that names the side.' }),
    fold: t.string({ extensions: typed('columnName'), description: 'The column of folds.' }),
  }),
});

export const SplitListInput = builder.inputType('SplitListInput', {
  description: 'A list of what is on which side of a split: one file, or one for each side.',
  fields: (t) => ({
    files: t.field({ type: [SplitListFileInput], required: true, description: 'The files.' }),
    patients: t.field({
      type: SplitListFileInput,
      description: 'Whose each id is: a table with a column of ids and one of patients.',
    }),
    columns: t.field({ type: SplitListColumnsInput, description: 'Which column is what.' }),
    rule: t.field({
      type: NameRuleEnum,
      description: 'How a patient is told from a name; found when left out.',
    }),
    pattern: t.string({
      extensions: typed('pattern'),
      description: 'The expression of the rule REGEX. It runs in linear time.',
    }),
  }),
});

/** BAD_INPUT for no list, and for a longer one than is read. */
export function parseListInput(input: typeof SplitListInput.$inferInput): ListRequest {
  const { files, patients, columns, rule, pattern } = input;
  if (files.length === 0) throw new AppError('BAD_INPUT', 'There is no list.');
  if (files.length > FILES_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `There are ${files.length} files of a list: at most ${FILES_MAX} are taken.`,
    );
  }
  const characters = [...files, ...(patients ? [patients] : [])].reduce(
    (sum, { text }) => sum + text.length,
    0,
  );
  if (characters > LIST_CHARACTERS_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `The list has ${characters} characters: at most ${LIST_CHARACTERS_MAX} are taken here, and any number by npm run import-split.`,
    );
  }
  return {
    files: files.map(parseFile),
    ...(patients ? { patients: parseFile(patients) } : {}),
    columns: Object.fromEntries(Object.entries(columns ?? {}).filter(([, name]) => name)),
    rule: rule ?? null,
    pattern: pattern || null,
  };
}

function parseFile({ name, text, side }: typeof SplitListFileInput.$inferInput) {
  return { name, text, ...(side ? { side: side.trim().toUpperCase() } : {}) };
}

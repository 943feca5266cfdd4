/** The text of a table of scores as it is sent, and how it is to be understood. Bounded, and read on another thread. */
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import type { TextRequest } from '../../scored-table/evaluate-text.ts';
import { SplittingUnitEnum } from '../dataset/unit.ts';
import { NameRuleEnum } from '../split/list-input.ts';

/** Of a choice by sensitivity, which is not asked for here. */
const TARGET_SENSITIVITY = 0.95;

const column = (description: string) => ({ extensions: typed('columnName'), description });

const TableColumnsInput = builder.inputType('TableColumnsInput', {
  description:
    'Columns by their names, where they are not found by themselves; an empty name takes what was found away.',
  fields: (t) => ({
    label: t.string(column('The column of labels.')),
    patient: t.string(column('The column of patients.')),
    slide: t.string(column('The column of slides.')),
    group: t.string(column('The column of groups of copies.')),
    site: t.string(column('The column of sites.')),
    subset: t.string(column('The column of sides: train, validation, test.')),
    path: t.string(column('The column of files, whose names may tell patients.')),
  }),
});

const ScoreColumnInput = builder.inputType('ScoreColumnInput', {
  description: 'A column with the scores of one model.',
  fields: (t) => ({
    column: t.string({ required: true, extensions: typed('columnName'), description: 'Its name.' }),
    isLogit: t.boolean({ description: 'Whether it holds log-odds in place of probabilities.' }),
    threshold: t.float({ description: 'From which probability on a row is called positive.' }),
  }),
});

export const ScoredTableInput = builder.inputType('ScoredTableInput', {
  description: 'A table with a label and one or several scores in each row, and how it is to be read.',
  fields: (t) => ({
    name: t.string({ required: true, extensions: typed('path'), description: 'The name of its file.' }),
    text: t.string({ required: true, extensions: typed('scores'), description: 'CSV or TSV.' }),
    columns: t.field({ type: TableColumnsInput, description: 'Which column is what.' }),
    scores: t.field({ type: [ScoreColumnInput], description: 'The models; found when left out.' }),
    positive: t.stringList({
      extensions: typed('className'),
      description: 'Labels that are positive; told by their names when left out.',
    }),
    negative: t.stringList({
      extensions: typed('className'),
      description: 'Labels that are negative; all others when left out.',
    }),
    unit: t.field({
      type: SplittingUnitEnum,
      description: 'What is independent; the largest that the table tells when left out.',
    }),
    rule: t.field({
      type: NameRuleEnum,
      description: 'How a patient is told from a slide or file; found when left out.',
    }),
    pattern: t.string({
      extensions: typed('pattern'),
      description: 'The expression of the rule REGEX. It runs in linear time.',
    }),
    threshold: t.float({
      description:
        'Of all models; chosen on VALIDATION by Youden when left out, and 0.5 where there is none.',
    }),
    reference: t.string(column('The model that all others are compared with.')),
  }),
});

export function parseTableInput(input: typeof ScoredTableInput.$inferInput): TextRequest {
  const { name, text, columns, scores, positive, negative, unit, rule, pattern } = input;
  const wished = Object.entries(columns ?? {}).filter(([, named]) => typeof named === 'string');
  return {
    name,
    text,
    wishes: {
      map: wished.map(([key, named]) => `${key}=${named}`),
      scores: (scores ?? []).map(({ column: own, isLogit, threshold }) => ({
        ...{ column: own, isLogit: isLogit ?? false, threshold: threshold ?? null },
      })),
      positive: positive ?? [],
      negative: negative?.length ? negative : null,
      unit: unit ?? null,
      rule: rule ?? null,
      pattern: pattern || null,
    },
    plan: {
      threshold: input.threshold ?? null,
      thresholdRule: 'youden',
      targetSensitivity: TARGET_SENSITIVITY,
      reference: input.reference || null,
      draws: EVALUATION_DRAWS,
      seed: EVALUATION_SEED,
    },
  };
}

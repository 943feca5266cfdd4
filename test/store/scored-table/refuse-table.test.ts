/** What a table of scores is refused for: one sentence with the line and the value. */
import { AppError } from '@microtome/domain/app-error';
import { collectRows } from '@microtome/domain/scored-table/collect-rows';
import { findScoreColumns } from '@microtome/domain/scored-table/score-columns';
import type { ScoredTableWishes } from '@microtome/store/scored-table/read-scored-table';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateText, readText, SMALL } from './tables.ts';

const HEAD = 'patient,site,label,score\n';

describe('a table is refused', () => {
  const faults: [what: string, text: string, sentence: string, wishes?: Partial<ScoredTableWishes>][] = [
    [
      'without rows',
      HEAD,
      'The table has no rows: there is nothing to evaluate.',
      { scores: [score('score')] },
    ],
    ['that is empty', '', 'scores.csv is an empty table.'],
    [
      'without labels',
      'patient,score\na,0.5\n',
      "No column holds labels: name it as 'label'. The table has 'patient', 'score'.",
    ],
    [
      'without scores',
      'patient,label\na,1\n',
      "No column holds scores: name it as 'score'. The table has 'patient', 'label'.",
    ],
    ['with NaN', `${HEAD}a,A,1,0.5\nb,A,0,nan\n`, "Line 3 has 'nan' in 'score', which is no score."],
    [
      'with a word for a score',
      `${HEAD}a,A,1,0.5\nb,A,0,high\nc,A,1,0.4\n`,
      "Line 3 has 'high' in 'score', which is no score.",
    ],
    [
      'with a score beyond 1',
      `${HEAD}a,A,1,0.5\nb,A,0,1.2\n`,
      "Line 3 has 1.2 in 'score': a probability lies from 0 to 1. If these are log-odds, name the column as logits.",
    ],
    [
      'with a logit without end',
      `${HEAD}a,A,1,0.5\nb,A,0,-inf\n`,
      "Line 3 has '-inf' in 'score', which is no score.",
      { scores: [{ ...score('score'), isLogit: true }] },
    ],
    ['without a label in a row', `${HEAD}a,A,1,0.5\nb,A,,0.2\n`, "Line 3 has no label in 'label'."],
    ['without a patient in a row', `${HEAD}a,A,1,0.5\n,A,0,0.2\n`, "Line 3 has no patient in 'patient'."],
    ['with a short row', `${HEAD}a,A,1,0.5\nb,A,0\n`, 'Line 3 has 3 cells where the head has 4.'],
    ['with a long row', `${HEAD}a,A,1,0.5\nb,A,0,0.1,9\n`, 'Line 3 has 5 cells where the head has 4.'],
    [
      'with a patient at two sites',
      `${HEAD}a,A,1,0.5\nb,A,0,0.2\na,B,0,0.1\n`,
      "The patient 'a' is at site 'B' in line 4, and at 'A' in line 2.",
    ],
    [
      'of one class',
      `${HEAD}a,A,tumor,0.5\nb,A,tumor,0.2\n`,
      "All labels in 'label' are 'tumor': with one class nothing can be told apart.",
    ],
    [
      'whose labels tell no side',
      `${HEAD}a,A,luad,0.5\nb,A,lusc,0.2\n`,
      "The labels in 'label' are 'luad', 'lusc': say which of them is positive, since no name tells it.",
    ],
    [
      'of TRAIN alone',
      'patient,label,score,split\na,1,0.5,train\nb,0,0.5,train\n',
      'The table has 2 rows of TRAIN and none of another side: there is nothing to evaluate.',
    ],
    [
      'with an unknown side',
      'patient,label,score,split\na,1,0.5,test\nb,0,0.5,fold9\n',
      "Line 3 has 'fold9' in 'split': a side is train, validation or test.",
    ],
    [
      'where a column is named that it lacks',
      SMALL,
      "The table has no column 'tall': it has 'patient', 'site', 'label', 'deep', 'wide'.",
      { scores: [score('tall')] },
    ],
    [
      'where scores are named twice',
      SMALL,
      "The scores 'deep' are named twice.",
      { scores: [score('deep'), score('deep')] },
    ],
    [
      'where a class is named that it lacks',
      SMALL,
      "There is no label 'benign' in 'label': there are 'normal', 'tumor'.",
      { positive: ['benign'] },
    ],
    [
      'where a rule does not read a slide',
      'slide,label,score\nS1,1,0.5\nx,0,0.1\n',
      "The rule 'regex' tells no patient of 'x' (line 3).",
      { rule: 'regex', pattern: 'S\\d' },
    ],
    [
      'where the unit that is asked for is not told',
      SMALL,
      "No column holds slides: name it as 'slide'. The table has 'patient', 'site', 'label', 'deep', 'wide'.",
      { unit: 'SLIDE' },
    ],
  ];
  it.each(faults)('%s', async (_what, text, sentence, wishes = {}) => {
    const refusal = await readText(text, wishes).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(AppError);
    expect((refusal as AppError).message).toContain(sentence);
  });

  it('with a threshold that is no probability, or a reference that it lacks', async () => {
    await expect(evaluateText(SMALL, { plan: { threshold: 2 } })).rejects.toThrow(
      "The threshold of 'deep' is 2",
    );
    await expect(evaluateText(SMALL, { plan: { reference: 'tall' } })).rejects.toThrow(
      "There are no scores 'tall'",
    );
  });

  it('with more labels than a task has, and with more rows than are read', () => {
    const columns = findScoreColumns(
      { columns: ['patient', 'label', 'score'], rows: [['a', '1', '0.5']] },
      { map: [], scores: [], unit: null },
    );
    const many = collectRows(columns, 'row');
    const add = (line: number) => many.add({ line, cells: ['a', `class ${line}`, '0.5'] });
    expect(() => {
      for (let line = 1; line <= 101; line++) add(line);
    }).toThrow("'label' holds more than 100 labels, so it is no column of labels");
    const long = collectRows(columns, 'row', 2);
    const cells = ['a', '1', '0.5'];
    for (const line of [1, 2]) long.add({ line, cells });
    expect(() => long.add({ line: 3, cells })).toThrow('The table has more than 2 rows.');
  });
});

it('whatever the text is, it is evaluated or refused in a sentence', async () => {
  const cell = fc.oneof(
    fc.constantFrom('a', 'b', '0', '1', '0.5', 'test', 'val', '', 'nan', '"', '1e999'),
    fc.string(),
  );
  const row = fc.array(cell, { maxLength: 5 }).map((cells) => cells.join(','));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 8 }), async (rows) => {
      try {
        await evaluateText(`patient,label,score,split\n${rows.join('\n')}`, { plan: { draws: 20 } });
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
    { numRuns: 200 },
  );
});

function score(column: string) {
  return { column, isLogit: false, threshold: null };
}

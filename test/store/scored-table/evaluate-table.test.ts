/** Statistics of a table of scores: figures worked out by scikit-learn, whose rows are whose, thresholds, and the verdict on a pair. */
import { gzipSync } from 'node:zlib';
import { isMeanOverPatients } from '@microtome/domain/metrics/metric';
import { evaluateTable } from '@microtome/domain/scored-table/evaluate-table';
import { openTableBytes } from '@microtome/store/import/table/open-table';
import { readScoredTable } from '@microtome/store/scored-table/read-scored-table';
import { describe, expect, it } from 'vitest';
import { evaluateText, PLAN, readText, SMALL } from './tables.ts';

/** By scikit-learn 1.7 at the threshold 0.5; intercept and slope, found by iteration, by scipy and scikit-learn. */
const WORKED = {
  deep: {
    auc: 0.9393939393939393,
    averagePrecision: 0.9435897435897438,
    balancedAccuracy: 0.797979797979798,
    sensitivity: 0.7777777777777778,
    specificity: 0.8181818181818182,
    f1: 0.7777777777777778,
    mcc: 0.5959595959595959,
    kappa: 0.595959595959596,
    brier: 0.11301000000000001,
    logLoss: 0.36836901090325375,
  },
  wide: {
    auc: 0.8585858585858586,
    averagePrecision: 0.8670033670033672,
    balancedAccuracy: 0.696969696969697,
    sensitivity: 0.6666666666666666,
    specificity: 0.7272727272727273,
    f1: 0.6666666666666666,
    mcc: 0.3939393939393939,
    kappa: 0.3939393939393939,
    brier: 0.15808000000000003,
    logLoss: 0.4806476798339543,
  },
} as const;
const LINES = {
  deep: [-0.2687095921386281, 2.3521991923468146],
  wide: [-0.1120707287236838, 1.8896768330366358],
};
const MEANS = { deep: 0.9166666666666666, wide: 0.7916666666666666 };
const SITES = { deep: [0.92, 0.9583333333333334], wide: [0.84, 0.9166666666666667] };

describe('figures of a table', () => {
  it.each(['deep', 'wide'] as const)('of %s are those of scikit-learn', async (name) => {
    const { sides } = await evaluateText(SMALL);
    const model = sides[0]!.models.find((own) => own.name === name)!;
    for (const [metric, value] of Object.entries(WORKED[name])) {
      expect(model.metrics[metric as 'auc'], metric).toBeCloseTo(value, 12);
    }
    expect(model.metrics.macro.auc).toBeCloseTo(MEANS[name], 12);
    expect(model.metrics.calibrationIntercept).toBeCloseTo(LINES[name][0]!, 6);
    expect(model.metrics.calibrationSlope).toBeCloseTo(LINES[name][1]!, 4);
    expect(model.sites.map(({ site }) => site)).toEqual(['A', 'B']);
    for (const [at, { metrics }] of model.sites.entries())
      expect(metrics.auc).toBeCloseTo(SITES[name][at]!, 12);
    expect(model.patients.map(({ key, patches, positives }) => [key, patches, positives])).toEqual([
      ['P1', 4, 2],
      ['P2', 3, 1],
      ['P3', 3, 2],
      ['P4', 3, 1],
      ['P5', 3, 2],
      ['P6', 4, 1],
    ]);
    expect(model).toMatchObject({ threshold: 0.5, thresholdFrom: expect.stringContaining('none is told') });
    const [low, high] = model.intervals.auc!;
    expect(low).toBeLessThan(WORKED[name].auc);
    expect(high).toBeGreaterThan(WORKED[name].auc);
  });

  it('are compared in pairs, with a verdict that keeps to few patients', async () => {
    const { pairing, pairs, comparedSide, notes } = await evaluateText(SMALL);
    expect({ pairing, comparedSide }).toEqual({
      pairing: 'The two models are tested against each other.',
      comparedSide: 'ALL',
    });
    const [pair] = pairs;
    const auc = pair!.metrics.find(({ metric }) => metric === 'auc')!;
    expect(auc.difference).toBeCloseTo(WORKED.deep.auc - WORKED.wide.auc, 12);
    expect(pair!.sentence).toMatch(/^On 6 patients 'deep' (and 'wide' are not told apart|leads 'wide')/);
    expect(notes).toEqual([expect.stringContaining('Only 6 patients')]);
  });

  it('are the same of TSV, of gzip, of logits, with a mark at the start and other words', async () => {
    const plain = await evaluateText(SMALL);
    const rows = SMALL.trim().split('\n');
    const logits = rows.map((row, at) => {
      const [patient, site, label, deep, wide] = row.split(',');
      if (at === 0) return 'Case ID\tHospital\tGround truth\tdeep\twide';
      const turned = Math.log(Number(deep) / (1 - Number(deep)));
      return [patient, site, label === 'tumor' ? '1.0' : '0.0', turned, wide].join('\t');
    });
    const text = `\ufeff${logits.join('\r\n')}\r\n`;
    const table = await openTableBytes('scores.tsv', gzipSync(text));
    const read = await readScoredTable(table, {
      ...{ map: [], unit: null, positive: [], negative: null, rule: null, pattern: null },
      scores: [
        { column: 'deep', isLogit: true, threshold: null },
        { column: 'wide', isLogit: false, threshold: null },
      ],
    });
    const other = evaluateTable(read, PLAN);
    expect(other.positiveName).toBe('1');
    expect(other.layout).toContain("'deep' (logits), 'wide'");
    for (const [at, { metrics, intervals }] of other.sides[0]!.models.entries()) {
      const expected = plain.sides[0]!.models[at]!;
      expect(metrics.brier).toBeCloseTo(expected.metrics.brier!, 12);
      expect(metrics.auc).toBe(expected.metrics.auc);
      expect(intervals.auc).toEqual(expected.intervals.auc);
    }
  });

  it('need no other order of the rows', async () => {
    const [head, ...rows] = SMALL.trim().split('\n');
    const turned = await evaluateText([head, ...rows.toReversed()].join('\n'));
    const { metrics, sites } = turned.sides[0]!.models[0]!;
    expect(metrics.auc).toBeCloseTo(WORKED.deep.auc, 12);
    expect(sites.map(({ site }) => site)).toEqual(['A', 'B']);
  });
});

describe('whose a row is', () => {
  it('is told by the largest unit of the table, or the one that is asked for', async () => {
    const text = 'patient,slide,y_true,score\na,s1,1,0.9\na,s2,0,0.2\nb,s3,1,0.8\nb,s4,0,0.3\n';
    expect((await readText(text)).unit).toBe('PATIENT');
    const bySlide = await readText(text, { unit: 'SLIDE' });
    expect(bySlide).toMatchObject({ unit: 'SLIDE', notes: [expect.stringContaining('may be too narrow')] });
    expect(bySlide.sides[0]!.keys).toEqual(['s1', 's2', 's3', 's4']);
  });

  it('is read from TCGA barcodes of slides, and sites with it', async () => {
    const slide = (site: string, patient: string, number: number) =>
      `TCGA-${site}-${patient}-01Z-00-DX${number}`;
    const rows = [
      `${slide('AA', '0001', 1)},1,0.9`,
      `${slide('AA', '0001', 2)},0,0.4`,
      `${slide('BB', '0002', 1)},1,0.7`,
      `${slide('BB', '0003', 1)},0,0.1`,
    ];
    const table = await readText(`slide_id,label,score\n${rows.join('\n')}\n`);
    expect(table.unit).toBe('PATIENT');
    expect(table.sides[0]!.keys).toEqual(['TCGA-AA-0001', 'TCGA-BB-0002', 'TCGA-BB-0003']);
    expect(table.sides[0]!.sites).toEqual(['AA', 'BB']);
    expect(table.notes[0]).toContain('Patients are told by names.');
  });

  it('is unknown where nothing tells it: then no figure has an interval, and no mean over patients is had', async () => {
    const text = 'id,label,first,second\na,1,0.9,0.6\nb,0,0.2,0.5\nc,1,0.8,0.7\nd,0,0.3,0.1\n';
    const { unit, sides, notes, pairs } = await evaluateText(text);
    expect(unit).toBe('NONE');
    const [model] = sides[0]!.models;
    expect(model).toMatchObject({ intervals: {}, patients: [] });
    expect(notes).toContainEqual(expect.stringContaining('no figure has an interval'));
    expect(pairs[0]!.metrics.filter(({ metric }) => isMeanOverPatients(metric))).toEqual([]);
    expect(pairs[0]!.sentence).toContain('without an interval');
  });

  it('may be one patient, who has no spread', async () => {
    const { sides, notes } = await evaluateText('patient,label,score\na,1,0.9\na,0,0.2\n');
    expect(sides[0]!.models[0]).toMatchObject({ intervals: {}, metrics: { auc: 1, patients: 1 } });
    expect(notes.join()).toContain('Only 1 patient');
  });
});

describe('sides and thresholds', () => {
  const SIDED = SMALL.split('\n')
    .map((row, at) => {
      if (row === '') return row;
      const side = ['P1', 'P2'].includes(row.slice(0, 2)) ? 'val' : row.startsWith('P3') ? 'train' : 'test';
      return `${row},${at === 0 ? 'split' : side}`;
    })
    .join('\n');

  it('are chosen on VALIDATION and held on TEST; TRAIN is passed over', async () => {
    const { sides, comparedSide, notes, rows } = await evaluateText(SIDED);
    expect(sides.map(({ side, rows: own, patients }) => [side, own, patients])).toEqual([
      ['VALIDATION', 7, 2],
      ['TEST', 10, 3],
    ]);
    expect({ comparedSide, rows }).toEqual({ comparedSide: 'TEST', rows: 17 });
    expect(notes[0]).toBe('Passed over: 3 rows of TRAIN.');
    for (const { models } of sides) {
      expect(models[0]!.threshold).toBeCloseTo(0.61, 12);
      expect(models[0]!.thresholdFrom).toBe('chosen on VALIDATION by Youden');
    }
  });

  it('are as told, for all or for one', async () => {
    const scores = [
      { column: 'deep', isLogit: false, threshold: 0.7 },
      { column: 'wide', isLogit: false, threshold: null },
    ];
    const { sides } = await evaluateText(SIDED, { wishes: { scores }, plan: { threshold: 0.4 } });
    expect(sides[1]!.models.map(({ threshold }) => threshold)).toEqual([0.7, 0.4]);
  });

  it('of one patient on both sides is said', async () => {
    const { notes } = await evaluateText(
      SIDED.replace('P4,B,tumor,0.74,0.41,test', 'P1,A,tumor,0.74,0.41,test'),
    );
    expect(notes).toContainEqual('1 patient of TEST is in VALIDATION too: figures of TEST flatter.');
  });
});

it('one reference is compared with all others of many models, and calls are known for what they are', async () => {
  const rows = SMALL.trim()
    .split('\n')
    .map((row, at) => (at === 0 ? `${row},p_c,p_d,pred_hard` : `${row},0.5,0.${at}1,${at % 2}`));
  const scores = ['deep', 'wide', 'p_c', 'p_d', 'pred_hard'].map((column) => ({
    ...{ column, isLogit: false, threshold: null },
  }));
  const { pairs, pairing, notes } = await evaluateText(rows.join('\n'), {
    wishes: { scores },
    plan: { reference: 'wide' },
  });
  expect(pairs.map(({ a, b }) => `${a.name}-${b.name}`)).toEqual(
    ['deep', 'p_c', 'p_d', 'pred_hard'].map((name) => `${name}-wide`),
  );
  expect(pairing).toContain("Each model is tested against 'wide'");
  expect(notes).toContainEqual(expect.stringContaining("'pred_hard' holds nothing but 0 and 1"));
});

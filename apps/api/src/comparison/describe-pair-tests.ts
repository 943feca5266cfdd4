/** The tests of one pair as a PDF table: those that take a whole unit for one observation, and those by patch, marked as wrong. */
import type { PairTests } from '@microtome/domain/comparison/paired-comparison';
import { titleMetric } from '@microtome/domain/metrics/metric';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { hasUnits, nameUnit } from '@microtome/domain/unit/unit-words';
import { formatInterval, formatP, formatSigned } from '../report/format-figure.ts';
import type { ReportBlock, ReportCell } from '../report/report-document.ts';

export function describeTests(tests: PairTests, unit: SplittingUnit): ReportBlock[] {
  const { naiveAuc, naiveMcNemar } = tests;
  const ratio = naiveAuc?.widthRatio
    ? `; the right interval is ${naiveAuc.widthRatio.toFixed(1)} times wider`
    : '';
  const wrong = (text: string): ReportCell => ({ text, tone: 'caution' });
  return [
    { kind: 'subheading', text: `Tests ${nameUnit(unit).by}` },
    {
      kind: 'table',
      columns: [
        { header: 'Question', width: 'grow' },
        { header: 'Test' },
        { header: 'Difference', align: 'right' },
        { header: '95 % interval', align: 'right' },
        { header: 'p', align: 'right' },
      ],
      rows: [
        ...(hasUnits(unit) ? listClusteredTests(tests, unit) : []),
        [
          ...[wrong(`${titleMetric('auc')}: WRONG here`), wrong(`DeLong by patch${ratio}`)],
          ...[
            formatSigned(naiveAuc?.difference),
            wrong(formatInterval(naiveAuc?.interval)),
            wrong(formatP(naiveAuc?.pValue)),
          ],
        ],
        [
          wrong('Calls: WRONG here'),
          wrong('McNemar by patch'),
          '–',
          '–',
          wrong(formatP(naiveMcNemar.correctedP)),
        ],
      ],
      note: hasUnits(unit)
        ? `WRONG here: as if patches of one ${nameUnit(unit).one} were independent. Shown as what would have been claimed.`
        : 'WRONG here: as if patches were independent. Nothing tells which of them belong together.',
    },
  ];
}

/** The tests that take a whole unit for one observation. */
function listClusteredTests(tests: PairTests, unit: SplittingUnit): ReportCell[][] {
  const { clusteredAuc, signFlip, clusteredMcNemar } = tests;
  const { one, many, by } = nameUnit(unit);
  const flips = signFlip.isExact ? 'exact' : 'drawn';
  return [
    [
      ...[titleMetric('auc'), `DeLong ${by} (Obuchowski)`, formatSigned(clusteredAuc?.difference)],
      ...[formatInterval(clusteredAuc?.interval), formatP(clusteredAuc?.pValue)],
    ],
    [
      `${titleMetric('accuracy')}, ${one} by ${one}`,
      `Sign flip over ${signFlip.differing} ${many} (${flips})`,
      ...[formatSigned(tests.meanAccuracyDifference), '–', formatP(signFlip.pValue)],
    ],
    ['Calls right equally often', `McNemar ${by} (Durkalski)`, '–', '–', formatP(clusteredMcNemar.pValue)],
  ];
}

/** The sections of a model card on its record: limits, openings of TEST, the gate's verdict and promotions. */
import { countNoun } from '@microtome/domain/count-noun';
import { nameExam } from '@microtome/domain/external-evaluation/exam';
import { hasFewPatients } from '@microtome/domain/statistics/few-patients';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { countUnits, hasUnits, nameIndependent, warnOfIntervals } from '@microtome/domain/unit/unit-words';
import type { ReportCell } from '../report/report-document.ts';
import { formatDay, formatShare } from './card-format.ts';
import type { CardEvidence } from './gather-card-evidence.ts';
import type { CardBlock } from './model-card.ts';

const ACTS: Record<string, string> = { PROMOTE: 'promoted', DEMOTE: 'demoted', ROLL_BACK: 'rolled back to' };

export function listLimits({ version, evaluations, exams }: CardEvidence): CardBlock[] {
  const { run } = version;
  const { dataset } = run.experiment;
  const { unit } = dataset;
  const { split } = run;
  const notes = split.audit?.notes ?? [];
  const last = evaluations.at(-1);
  const metrics = last?.row.metrics;
  const openings = split.testOpenings.length;
  return [
    { kind: 'heading', text: 'Limits' },
    {
      kind: 'list',
      items: [
        describeReach(dataset, exams),
        sayIdentity(unit),
        `Each patch of ${dataset.patchSizePx} x ${dataset.patchSizePx} pixels is judged by itself, without its surroundings, but for the figures with neighbours. Labels are the source's.`,
        'Trained once, with one seed: the intervals do not include what another seed would change.',
        ...(metrics?.prevalence == null
          ? []
          : [
              `PPV and NPV hold where ${formatShare(metrics.prevalence)} of patches are ${run.experiment.task.positiveName}, as on this ${last?.row.subset}.`,
            ]),
        ...(metrics && hasUnits(unit) && hasFewPatients(metrics.patients)
          ? [`${last?.row.subset} has ${countUnits(unit, metrics.patients)}: every interval is shaky.`]
          : []),
        ...(run.testOpening === null
          ? ['TEST is sealed: all figures are from VALIDATION, on which threshold and epoch were chosen.']
          : []),
        ...(openings > 1
          ? [`TEST of this split was opened ${openings} times: each opening makes it less of an unseen test.`]
          : []),
        ...notes,
      ],
    },
  ];
}

/** How far the sides are independent, by what the source tells. */
function sayIdentity(unit: SplittingUnit): string {
  return (
    warnOfIntervals(unit) ??
    'Identity of patients across keys cannot be verified: the sides are only as independent as the source’s keys.'
  );
}

function describeReach(
  { source, unit }: { source: string; unit: SplittingUnit },
  exams: CardEvidence['exams'],
): string {
  const all = `All ${nameIndependent(unit)}`;
  const labelled = exams.filter(({ row }) => row.metrics !== null);
  if (labelled.length === 0) {
    return `${all} come from one source (${source}): performance on other scanners, stains and sites is unknown.`;
  }
  const names = labelled.map(({ row }) => nameExam({ datasetName: row.dataset.name, sites: row.sites }));
  return `${all} of training come from one source (${source}). Elsewhere it was put to the test on ${names.join('; ')}: on other scanners, stains and sites its performance is unknown.`;
}

export function describeOpenings({ version }: CardEvidence): CardBlock[] {
  const { testOpenings } = version.run.split;
  const heading: CardBlock = { kind: 'heading', text: 'Openings of TEST' };
  if (testOpenings.length === 0) {
    return [heading, { kind: 'paragraph', text: 'TEST of this split has not been opened for any run.' }];
  }
  return [
    heading,
    {
      kind: 'table',
      columns: [
        { header: 'When' },
        { header: 'For run' },
        { header: 'By' },
        { header: 'Reason', width: 'grow' },
      ],
      rows: testOpenings.map(({ openedAt, runId, runName, openedBy, reason }) => [
        formatDay(openedAt),
        { text: runName, bold: runId === version.runId },
        openedBy,
        reason,
      ]),
      note: `Every opening on this split; in bold the run of this version. ${countNoun(testOpenings.length, 'opening')}.`,
    },
  ];
}

export function describeGate({ version, gate }: CardEvidence): CardBlock[] {
  const verdict = gate.allowed ? 'may be promoted' : 'may not be promoted';
  return [
    { kind: 'heading', text: 'Gate and promotions' },
    {
      kind: 'paragraph',
      text: `By policy version ${gate.policyVersion} of the model it ${verdict} to champion${!gate.allowed && gate.canOverride ? ', unless the rules of quality are overridden with a reason' : ''}.`,
    },
    {
      kind: 'table',
      columns: [
        { header: 'Rule' },
        { header: 'Kind' },
        { header: 'Holds' },
        { header: 'Finding', width: 'grow' },
      ],
      rows: gate.rules.map(({ rule, kind, passed, sentence }) => [
        rule,
        kind,
        describeOutcome(passed),
        sentence,
      ]),
    },
    { kind: 'subheading', text: 'What was done with it' },
    ...describeActs(version.promotions),
  ];
}

function describeOutcome(passed: boolean): ReportCell {
  return passed ? 'yes' : { text: 'no', bold: true, tone: 'caution' };
}

function describeActs(promotions: CardEvidence['version']['promotions']): CardBlock[] {
  if (promotions.length === 0) return [{ kind: 'paragraph', text: 'It was never promoted.' }];
  return [
    {
      kind: 'table',
      columns: [
        { header: 'When' },
        { header: 'Act' },
        { header: 'Alias' },
        { header: 'By' },
        { header: 'Reason', width: 'grow' },
        { header: 'Policy', align: 'right' },
      ],
      rows: promotions.map(
        ({ createdAt, act, allowed, overridden, aliasName, promotedBy, reason, policyVersion }) => [
          formatDay(createdAt),
          `${ACTS[act] ?? act}${allowed ? '' : ': refused'}${overridden ? ', overridden' : ''}`,
          aliasName,
          promotedBy,
          reason,
          String(policyVersion),
        ],
      ),
    },
  ];
}

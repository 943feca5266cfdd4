/** How the charts of an experiment's runs are arranged, for all who look at them. */
import { mayIn } from '@microtome/domain/access/principal';
import {
  CHART_PANELS_MAX,
  type ChartPanel,
  type ChartSection,
  FIRST_CHART_LAYOUT,
  PANEL_NAMES_MAX,
} from '@microtome/domain/experiment/chart-layout';
import { arrangeCharts } from '@microtome/store/experiment/chart-arrangements';
import type { ChartArrangement } from '@microtome/store/generated/prisma/client';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { ExperimentRef } from './experiment.ts';

const SECTIONS: Record<ChartSection, { description: string }> = {
  OWN: { description: 'Panels that were added.' },
  MAIN: { description: 'Main metrics.' },
  FURTHER: { description: 'Further metrics.' },
  MACHINE: { description: 'Costs of the machine.' },
};

const ChartSectionEnum = builder.enumType('ChartSection', {
  description: 'A part of the charts that is folded as one.',
  values: SECTIONS,
});

const KEY = 'A metric without its subset, such as loss; of an added panel its own key.';
const TITLE = 'Of an added panel; null for a metric that has a panel by itself.';
const NAMES = `The series that an added panel shows, by their whole names; at most ${PANEL_NAMES_MAX}.`;
const PATTERN = 'A regular expression that the names of its series match, in place of names.';
const IS_LOG = 'Whether its axis is logarithmic.';
const IS_HIDDEN = 'Whether it is not shown.';

const ChartPanelRef = builder.objectRef<ChartPanel>('ChartPanel').implement({
  description: 'What was decided about one chart.',
  fields: (t) => ({
    key: t.exposeString('key', { description: KEY }),
    title: t.exposeString('title', { nullable: true, description: TITLE }),
    names: t.exposeStringList('names', { description: NAMES }),
    pattern: t.exposeString('pattern', { nullable: true, description: PATTERN }),
    isLog: t.exposeBoolean('isLog', { description: IS_LOG }),
    isHidden: t.exposeBoolean('isHidden', { description: IS_HIDDEN }),
  }),
});

type Shown = Pick<ChartArrangement, 'version' | 'layout'> & Partial<ChartArrangement> & { projectId: string };

const ChartArrangementRef = builder.objectRef<Shown>('ChartArrangement').implement({
  description: "How the charts of an experiment's runs are arranged.",
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Counts changes; 0 where nothing was arranged.' }),
    panels: t.field({
      type: [ChartPanelRef],
      description: 'Panels in their order; those that it does not name follow as they stand by themselves.',
      resolve: ({ layout }) => layout.panels,
    }),
    folded: t.field({
      type: [ChartSectionEnum],
      description: 'The sections that are folded.',
      resolve: ({ layout }) => layout.folded,
    }),
    mayChange: t.boolean({
      description: 'Whether you may arrange them.',
      resolve: ({ projectId }, _args, { access }) => mayIn(access.principal, 'RECORD', projectId),
    }),
    changedBy: t.string({
      nullable: true,
      description: 'Who arranged them last.',
      resolve: ({ changedBy }) => changedBy ?? null,
    }),
    changedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When that was.',
      resolve: ({ changedAt }) => changedAt ?? null,
    }),
  }),
});

builder.prismaObjectField(ExperimentRef, 'chartArrangement', (t) =>
  t.field({
    type: ChartArrangementRef,
    description: 'How the charts of its runs are arranged, for all who look at them.',
    select: { projectId: true, charts: true },
    resolve: ({ projectId, charts }) => ({
      projectId,
      ...(charts ?? { version: 0, layout: FIRST_CHART_LAYOUT }),
    }),
  }),
);

const ChartPanelInput = builder.inputType('ChartPanelInput', {
  description: 'What is decided about one chart.',
  fields: (t) => ({
    key: t.string({ extensions: typed('metricName'), required: true, description: KEY }),
    title: t.string({ extensions: typed('panelTitle'), description: TITLE }),
    names: t.stringList({ extensions: typed('metricName'), description: NAMES }),
    pattern: t.string({ extensions: typed('pattern'), description: PATTERN }),
    isLog: t.boolean({ required: true, defaultValue: false, description: IS_LOG }),
    isHidden: t.boolean({ required: true, defaultValue: false, description: IS_HIDDEN }),
  }),
});

const ArrangeChartsInput = builder.inputType('ArrangeChartsInput', {
  description: 'An arrangement of charts.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'The experiment.' }),
    version: t.int({
      required: true,
      description: 'Of the arrangement that is changed; 0 where there is none.',
    }),
    panels: t.field({
      type: [ChartPanelInput],
      required: true,
      description: `Panels in their order, at most ${CHART_PANELS_MAX}.`,
    }),
    folded: t.field({
      type: [ChartSectionEnum],
      required: true,
      description: 'The sections that are folded.',
    }),
    changedBy: t.string({ extensions: typed('personName'), description: 'Who; "unknown" when left out.' }),
  }),
});

builder.mutationField('arrangeCharts', (t) =>
  t.field({
    type: ExperimentRef,
    description:
      "Arranges the charts of an experiment's runs, for all who look at them. Refused when another arrangement was kept meanwhile.",
    args: { input: t.arg({ type: ArrangeChartsInput, required: true, description: 'The arrangement.' }) },
    resolve: async (_root, { input }, { store }) => {
      const id = parseRecordId(input.experimentId, 'experiment');
      const panels = input.panels.map(({ title, names, pattern, ...panel }) => ({
        ...panel,
        title: title ?? null,
        names: names ?? [],
        pattern: pattern ?? null,
      }));
      await arrangeCharts(store, {
        experimentId: id,
        version: input.version,
        layout: { panels, folded: input.folded },
        changedBy: input.changedBy ?? undefined,
      });
      return store.database.prisma.experiment.findUniqueOrThrow({ where: { id } });
    },
  }),
);

/** The metrics that Microtome knows, so that a page, a form or a script needs no list of its own. */
import { METRICS, type Metric } from '@microtome/domain/metrics/metric';
import { builder } from '../../graphql/builder.ts';

const MetricGroupEnum = builder.enumType('MetricGroup', {
  description: 'What a metric is about.',
  values: {
    TRAINING: { description: 'How an epoch was trained.' },
    DISCRIMINATION: { description: 'How well a run tells the classes apart.' },
    CALIBRATION: { description: 'Whether a probability means what it says; also a metric of an evaluation.' },
    RECALIBRATION: {
      description: 'How probabilities would have to be changed to fit patients from elsewhere.',
    },
    PATCHES: { description: 'The patches themselves, whatever the run.' },
    MACHINE: { description: 'What an epoch cost the machine.' },
  } as const,
});

const BetterEndEnum = builder.enumType('BetterEnd', {
  description: 'Which end of a metric is the good one.',
  values: { HIGHER: { description: 'More is better.' }, LOWER: { description: 'Less is better.' } } as const,
});

const MetricUnitEnum = builder.enumType('MetricUnit', {
  description: 'What a metric is counted in.',
  values: {
    SECONDS: { description: 'Seconds.' },
    PATCHES_PER_SECOND: { description: 'Patches a second.' },
    BYTES: { description: 'Bytes.' },
    SHARE: { description: 'A share of 1, written in percent.' },
  } as const,
});

const MetricDescriptionRef = builder.objectRef<Metric>('MetricDescription').implement({
  description:
    'A metric: what it is called, what it tells and where it may be used. Runs, evaluations and comparisons give values by its name.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'Its name in an evaluation or, behind the subset (`validation.auc`), among the metrics of a run. `macro.` is a mean over patients.',
    }),
    group: t.expose('group', { type: MetricGroupEnum, description: 'What it is about.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    titleOfClass: t.exposeString('titleOfClass', {
      description:
        'The same with the positive class, for which `{class}` stands, and in a mean the unit of the dataset, `{units}`; equal to `title` where there is neither.',
    }),
    shortTitle: t.exposeString('shortTitle', {
      description: 'The same within a line, where there is little room.',
    }),
    about: t.exposeString('about', { description: 'What it tells.' }),
    better: t.expose('better', {
      type: BetterEndEnum,
      nullable: true,
      description: 'The good end; null where neither is.',
    }),
    low: t.exposeFloat('low', { nullable: true, description: 'Its lowest value; null without an end.' }),
    high: t.exposeFloat('high', { nullable: true, description: 'Its highest value; null without an end.' }),
    unit: t.expose('unit', {
      type: MetricUnitEnum,
      nullable: true,
      description: 'What it is counted in; null of a pure number.',
    }),
    needsThreshold: t.exposeBoolean('needsThreshold', {
      description: 'It is computed from calls, so it changes with the threshold.',
    }),
    mainPlace: t.exposeInt('mainPlace', {
      nullable: true,
      description:
        'Its place among the main figures, from 1; null of all others. What has room for n shows the first n.',
    }),
    canRankSweep: t.exposeBoolean('canRankSweep', { description: 'A sweep can be ranked by it.' }),
    canMonitor: t.exposeBoolean('canMonitor', {
      description: 'The best epoch of a run can be chosen by it, on VALIDATION.',
    }),
    meanOf: t.exposeString('meanOf', {
      nullable: true,
      description: 'The metric of which this is the mean over patients; null of all others.',
    }),
  }),
});

builder.queryField('metricCatalogue', (t) =>
  t.field({
    type: [MetricDescriptionRef],
    description: 'The metrics that are known, in the order in which they are shown.',
    resolve: () => [...METRICS],
  }),
);

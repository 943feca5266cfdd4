'use client';
/** The figures that a reader looks for first, each with the one at home below it. */
import { FigureStrip } from '../../../components/figure-strip.tsx';
import { readMetric } from '../../../evaluation/list-metrics.ts';
import { formatInterval, formatMetric } from '../../../format/format-number.ts';
import type { ExternalEvaluationPageFragment } from '../../../graphql/generated/graphql.ts';
import {
  listEvaluationMetrics,
  listRecalibrationMetrics,
  pickMain,
  titleMetric,
} from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import type { Home } from './home-figures.ts';

/** Main figures, before those of the calibration. */
const HEADLINES = 2;

type ExamHeadlineProps = {
  evaluation: ExternalEvaluationPageFragment;
  home: Home | null;
  positiveClass: string;
};

export function ExamHeadline({ evaluation, home, positiveClass }: ExamHeadlineProps) {
  const catalogue = useMetricCatalogue();
  const names = [
    ...pickMain(listEvaluationMetrics(catalogue), HEADLINES),
    ...listRecalibrationMetrics(catalogue).map(({ name }) => name),
  ];
  const figures = names.map((name) => {
    const { value, interval } = readMetric(evaluation, name);
    const atHome = home && readMetric(home, name);
    return {
      label: titleMetric(catalogue, name, positiveClass),
      value: formatMetric(value),
      note: [
        interval && `95\u00A0% ${formatInterval(interval)}`,
        home && atHome && `at home, ${home.subset}: ${formatMetric(atHome.value)}`,
      ]
        .filter(Boolean)
        .join(' · '),
    };
  });
  // The strip brings a margin of its own, and the page's parts have one between them.
  return (
    <div className="-mb-5">
      <FigureStrip figures={figures} unsafe={evaluation.run.unsafe} />
    </div>
  );
}

'use client';
/** The figures of an external evaluation: next to those at home, by site, by patient, and against another model. */
import { useQuery } from '@apollo/client/react';
import { linkToViewer } from '../../../address/page-addresses.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { ConfusionTable } from '../../../evaluation/confusion-table.tsx';
import { ContextFiguresOfExam } from '../../../evaluation/context-figures.tsx';
import { AreaCard, PrCard, ReliabilityCard, RocCard } from '../../../evaluation/figure-cards.tsx';
import { PatientFigures } from '../../../evaluation/patient-figures.tsx';
import { SiteFigures } from '../../../evaluation/site-figures.tsx';
import { ThresholdBar } from '../../../evaluation/threshold-bar.tsx';
import { useExploredPoint } from '../../../evaluation/use-threshold-explorer.ts';
import { nameExam } from '../../../external-evaluation/name-exam.ts';
import { formatMetric } from '../../../format/format-number.ts';
import {
  type ExternalEvaluationPageFragment,
  ExternalFiguresDocument,
  type ExternalFiguresQuery,
  ExternalSitesDocument,
} from '../../../graphql/generated/graphql.ts';
import { known } from '../../../run/run-on-split.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { hasUnits } from '../../../unit/unit-words.ts';
import { ExamHeadline } from './exam-headline.tsx';
import { HomeTable } from './home-table.tsx';
import { RivalCard } from './rival-card.tsx';

type Figures = NonNullable<ExternalFiguresQuery['externalEvaluation']>;
type ExamFiguresProps = { evaluation: ExternalEvaluationPageFragment; positiveClass: string };

export function ExamFigures(props: ExamFiguresProps) {
  const { id } = props.evaluation;
  const query = useQuery(ExternalFiguresDocument, { variables: { id } });
  return (
    <QueryFrame
      {...query}
      data={query.data?.externalEvaluation}
      missing="This external evaluation"
      skeleton={<Skeleton className="h-96" />}
    >
      {(figures) => <FiguresLayout {...props} figures={figures} />}
    </QueryFrame>
  );
}

function FiguresLayout({ evaluation, positiveClass, figures }: ExamFiguresProps & { figures: Figures }) {
  const { confusion: carried, dataset, threshold } = evaluation;
  const { home, operatingPoints, roc, pr, reliability, patients, rivals } = figures;
  const explorer = useExploredPoint(operatingPoints);
  const exam = nameExam(evaluation);
  const confusion = explorer.explored?.confusion ?? carried;
  const drawn = { metrics: evaluation.metrics, roc, pr, reliability, patients, subset: exam };
  return (
    <>
      <ExamHeadline evaluation={evaluation} home={home ?? null} positiveClass={positiveClass} />
      <ThresholdBar
        explorer={explorer}
        threshold={threshold}
        subset={exam}
        notes={{
          resting: 'The rules choose on the exam itself. The threshold that travelled stays.',
          exploring: `Exploratory: chosen with the exam’s own labels. What is reported stays at ${formatMetric(threshold)}.`,
        }}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1.4fr)_minmax(0,2fr)]">
        <HomeTable
          evaluation={evaluation}
          home={home ?? null}
          positiveClass={positiveClass}
          explored={explorer.explored}
        />
        <div className="grid items-start gap-4 md:grid-cols-2">
          {confusion && <RocCard evaluation={{ ...drawn, confusion }} positiveClass={positiveClass} />}
          {confusion && <PrCard evaluation={drawn} confusion={confusion} positiveClass={positiveClass} />}
          <ReliabilityCard evaluation={drawn} positiveClass={positiveClass} />
          {hasUnits(dataset.unit) && (
            <AreaCard evaluation={drawn} positiveClass={positiveClass} unit={dataset.unit} />
          )}
          {confusion && (
            <ConfusionTable
              confusion={confusion}
              positiveClass={positiveClass}
              negativeClass={known(evaluation.run.task).negativeName}
              subset={exam}
              exploredThreshold={explorer.explored?.threshold ?? null}
            />
          )}
        </div>
      </div>
      <SlowFigures evaluation={evaluation} positiveClass={positiveClass} />
      <RivalCard evaluation={evaluation} rivals={rivals} positiveClass={positiveClass} />
      {hasUnits(dataset.unit) && (
        <PatientFigures
          patients={patients}
          positiveClass={positiveClass}
          subset={exam}
          unit={dataset.unit}
          toHref={(patient) => linkToViewer({ exam: evaluation.id, patient })}
        />
      )}
    </>
  );
}

/** Asked for by themselves: they take longer than the rest. */
function SlowFigures({ evaluation, positiveClass }: ExamFiguresProps) {
  const { id, dataset } = evaluation;
  const query = useQuery(ExternalSitesDocument, { variables: { id } });
  const exam = nameExam(evaluation);
  const naming = { positiveClass, unit: dataset.unit };
  return (
    <>
      <ContextFiguresOfExam id={id} exam={exam} {...naming} />
      <SiteFigures sites={query.data?.externalEvaluation?.sites ?? []} subset={exam} {...naming} />
    </>
  );
}

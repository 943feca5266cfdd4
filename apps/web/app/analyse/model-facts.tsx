/** What a person has to know of a model before they believe what it says. */
import { describeScale } from '../../analyser/rules/judge-scale.ts';
import { FactList } from '../../components/fact-list.tsx';
import { TextLink } from '../../components/text-link.tsx';
import { countNoun } from '../../format/count-noun.ts';
import { formatMetric } from '../../format/format-number.ts';
import type { AnalyserVersionFragment } from '../../graphql/generated/graphql.ts';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Card } from '../../ui/card.tsx';

type ModelFactsProps = {
  name: string;
  intendedUse: string;
  version: AnalyserVersionFragment;
  micronsPerPixel: number | null;
};

export function ModelFacts({ name, intendedUse, version, micronsPerPixel }: ModelFactsProps) {
  const { number, run } = version;
  const { dataset, task } = run;
  return (
    <Card title={`${name}, version ${number}`} note={intendedUse || 'No intended use is written down.'}>
      <FactList
        facts={[
          {
            label: 'Run',
            value: <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink>,
            note: run.unsafe ? <UnsafeMark short /> : run.architecture,
          },
          {
            label: 'Tells',
            value: task ? `${task.positiveName} from ${task.negativeName}` : 'unknown',
          },
          {
            label: 'Threshold',
            value: formatMetric(run.threshold),
            note: 'chosen on VALIDATION',
          },
          {
            label: 'Trained on',
            value: dataset ? <TextLink href={`/datasets/${dataset.id}`}>{dataset.name}</TextLink> : 'unknown',
            note:
              dataset &&
              `${countNoun(dataset.patientCount, 'patient')}, ${countNoun(dataset.patchCount, 'patch')}`,
          },
          {
            label: 'Patches',
            value: dataset ? `${dataset.patchSizePx} × ${dataset.patchSizePx} px` : 'unknown',
            note:
              micronsPerPixel === null
                ? 'its data do not tell their µm per pixel'
                : describeScale(micronsPerPixel),
          },
        ]}
      />
    </Card>
  );
}

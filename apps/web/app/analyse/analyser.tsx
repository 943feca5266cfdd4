'use client';
/** A model in the browser: what it is, whether it is ready, what is dropped on it, and what it says. */
import { useMemo, useState } from 'react';
import type { AnalysisOptions, EngineChoice } from '../../analyser/messages.ts';
import { useFileUrl } from '../../api/api-provider.tsx';
import type { AnalyserVersionFragment } from '../../graphql/generated/graphql.ts';
import { useSlideColors } from '../../tissue/use-slide-colors.ts';
import { Notice } from '../../ui/notice.tsx';
import type { AnalysedModel } from './analysed-model.ts';
import { AnalysisForm, type Asked } from './analysis-form.tsx';
import { AnalysisProgress } from './analysis-progress.tsx';
import { AnalysisResults } from './analysis-results.tsx';
import { findModelScale } from './find-model-scale.ts';
import { ModelFacts } from './model-facts.tsx';
import { useAnalyser } from './use-analyser.ts';

type AnalyserProps = { name: string; intendedUse: string; version: AnalyserVersionFragment };

export function Analyser({ name, intendedUse, version }: AnalyserProps) {
  const { run } = version;
  const slides = run.dataset?.slides.edges;
  const scale = useMemo(() => findModelScale(slides?.map(({ node }) => node) ?? []), [slides]);
  const facts = (
    <ModelFacts name={name} intendedUse={intendedUse} version={version} micronsPerPixel={scale} />
  );
  const { onnxUrl, dataset, threshold } = run;
  if (!onnxUrl || !dataset || threshold === null || threshold === undefined)
    return (
      <div className="flex flex-col gap-5">
        {facts}
        <Notice tone="caution" title="This version cannot be used in a browser">
          The run '{run.name}' has no ONNX file of a worker: it was recorded by another program, or before
          workers wrote one. Trained again, it has one.
        </Notice>
      </div>
    );
  const model = { onnxUrl, threshold, patchSizePx: dataset.patchSizePx, micronsPerPixel: scale };
  return (
    <div className="flex flex-col gap-5">
      {facts}
      <OpenAnalyser
        model={model}
        positiveClass={run.task?.positiveName ?? 'positive'}
        name={`${name} ${version.number}`}
      />
    </div>
  );
}

type OpenAnalyserProps = { model: AnalysedModel; positiveClass: string; name: string };

function OpenAnalyser({ model, positiveClass, name }: OpenAnalyserProps) {
  const { onnxUrl, patchSizePx } = model;
  const toUrl = useFileUrl();
  const colors = useSlideColors();
  const [engine, setEngine] = useState<EngineChoice>('auto');
  const [options, setOptions] = useState<AnalysisOptions | null>(null);
  const { state, analyse, cancel } = useAnalyser({ modelUrl: toUrl(onnxUrl), patchSizePx, engine });
  function ask({ files, imageMicronsPerPixel, stride, skipsGlass }: Asked) {
    const asked = { modelMicronsPerPixel: model.micronsPerPixel, imageMicronsPerPixel, stride, skipsGlass };
    setOptions(asked);
    analyse(files, asked);
  }
  if (state.phase === 'unusable')
    return (
      <Notice tone="danger" title="The model cannot be used here">
        {state.reason}
      </Notice>
    );
  return (
    <>
      <AnalysisForm
        model={model}
        opened={colors ? state.opened : null}
        busy={state.phase === 'busy'}
        engine={engine}
        onEngine={setEngine}
        onAsk={ask}
      />
      {options && <AnalysisProgress state={state} onCancel={cancel} />}
      {options && (
        <AnalysisResults
          state={state}
          model={model}
          options={options}
          positiveClass={positiveClass}
          tableName={`${name.replaceAll(/[^\w-]+/g, '-')}-probabilities.csv`}
        />
      )}
    </>
  );
}

'use client';
/** What the model says: a table of the files, the heatmap of the one that is looked at, and the files that say nothing. */
import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { AnalysedFile, AnalysisOptions } from '../../analyser/messages.ts';
import { judgeScale } from '../../analyser/rules/judge-scale.ts';
import { writeTable } from '../../analyser/rules/summarise.ts';
import { saveText } from '../../form/text-files.ts';
import { countNoun } from '../../format/count-noun.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { AnalysedModel } from './analysed-model.ts';
import { FileTable } from './file-table.tsx';
import { RefusedFiles } from './refused-files.tsx';
import { RegionHeatmap } from './region-heatmap.tsx';
import type { AnalyserState } from './use-analyser.ts';

type AnalysisResultsProps = {
  state: AnalyserState;
  model: AnalysedModel;
  options: AnalysisOptions;
  positiveClass: string;
  tableName: string;
};

export function AnalysisResults({ state, model, options, positiveClass, tableName }: AnalysisResultsProps) {
  const { analysed, refused } = state;
  const [chosen, setChosen] = useState<AnalysedFile | null>(null);
  const warnings = useMemo(() => listWarnings(analysed, model), [analysed, model]);
  const pictured = analysed.filter(({ overview }) => overview !== null);
  const shown = chosen && analysed.includes(chosen) ? chosen : pictured[0];
  return (
    <>
      {warnings.map(({ sentence, files }) => (
        <Notice key={sentence} tone="caution" title={`The magnification of ${countNoun(files, 'file')}`}>
          {sentence}
        </Notice>
      ))}
      {shown?.overview && (
        <RegionHeatmap
          key={shown.path}
          file={shown}
          threshold={model.threshold}
          positiveClass={positiveClass}
        />
      )}
      {analysed.length > 0 && (
        <Card
          flush
          title="Files"
          note={`Called ${positiveClass} at a probability of ${model.threshold.toFixed(3)} or above.`}
          actions={
            <Button onClick={() => saveText(writeTable(analysed, model.threshold), tableName, 'text/csv')}>
              <Download aria-hidden />
              CSV
            </Button>
          }
        >
          <FileTable
            files={analysed}
            threshold={model.threshold}
            stride={options.stride}
            shown={shown ?? null}
            onShow={setChosen}
          />
        </Card>
      )}
      {refused.length > 0 && <RefusedFiles files={refused} />}
    </>
  );
}

/** Each sentence once, with the number of files that it is said of. */
function listWarnings(files: readonly AnalysedFile[], { micronsPerPixel }: AnalysedModel) {
  // Thousands of patches have one scale: it is judged once.
  const alike = new Map<string, { image: number | null; isResampled: boolean; files: number }>();
  for (const { micronsPerPixel: image, kind } of files) {
    const isResampled = kind !== 'PATCH';
    const key = `${image} ${isResampled}`;
    const found = alike.get(key);
    if (found) found.files++;
    else alike.set(key, { image, isResampled, files: 1 });
  }
  const counts = new Map<string, number>();
  for (const { files: count, ...scales } of alike.values()) {
    const { fit, sentence } = judgeScale({ model: micronsPerPixel, ...scales });
    if (fit !== 'FITS') counts.set(sentence, (counts.get(sentence) ?? 0) + count);
  }
  return [...counts].map(([sentence, count]) => ({ sentence, files: count }));
}

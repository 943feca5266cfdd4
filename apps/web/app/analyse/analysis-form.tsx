'use client';
/** How pictures are dropped on the model, with what it has to be told of them. */
import { useState } from 'react';
import type { EngineChoice, FromWorker } from '../../analyser/messages.ts';
import { describeError } from '../../api/error-sentence.ts';
import { FolderButton } from '../../files/folder-button.tsx';
import { type DroppedFile, nameFiles, readDropped } from '../../files/read-dropped.ts';
import { countNoun } from '../../format/count-noun.ts';
import { Card } from '../../ui/card.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { AnalysedModel } from './analysed-model.ts';
import { FIRST_READING, ReadingOptions, readScale } from './reading-options.tsx';

/** More would be a mistake: a home folder, not a folder of patches. */
const FILES_MAX = 100_000;

export type Asked = {
  files: readonly DroppedFile[];
  imageMicronsPerPixel: number | null;
  stride: number;
  skipsGlass: boolean;
};

type Opened = Extract<FromWorker, { kind: 'opened' }>;

type AnalysisFormProps = {
  model: AnalysedModel;
  /** Null while the model is loaded. */
  opened: Opened | null;
  busy: boolean;
  engine: EngineChoice;
  onEngine: (engine: EngineChoice) => void;
  onAsk: (asked: Asked) => void;
};

export function AnalysisForm({ model, opened, busy, engine, onEngine, onAsk }: AnalysisFormProps) {
  const [reading, setReading] = useState(FIRST_READING);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { scaleText, stride, skipsGlass } = reading;
  const scale = readScale(scaleText);
  const isReady = opened !== null && !busy && scale !== 'WRONG';
  function ask(files: readonly DroppedFile[]) {
    setRefusal(null);
    if (isReady) onAsk({ files, imageMicronsPerPixel: scale, stride, skipsGlass });
  }
  const { patchSizePx } = model;
  return (
    <Card title="Pictures" note={opened ? describeEngine(opened) : 'The model is being loaded…'}>
      <div className="flex flex-col gap-4">
        <FileDrop
          label="Pictures to analyse"
          title={isReady ? 'Drop pictures or a folder here, or choose them' : 'One moment…'}
          hint={`Patches of ${patchSizePx} × ${patchSizePx} px, larger regions (PNG, JPEG), slides (TIFF, SVS). They are not uploaded.`}
          accept=".png,.jpg,.jpeg,.tif,.tiff,.svs"
          multiple
          disabled={!isReady}
          onFiles={(files) => ask(nameFiles(files))}
          onDrop={(transfer) =>
            void readDropped(transfer, FILES_MAX).then(ask, (error) => setRefusal(describeError(error)))
          }
        />
        {refusal && <Notice tone="danger">{refusal}</Notice>}
        <div className="flex flex-wrap items-start gap-x-5 gap-y-3">
          <ReadingOptions
            reading={reading}
            onChange={setReading}
            engine={engine}
            onEngine={onEngine}
            busy={busy}
          />
          <span className="pt-5">
            <FolderButton
              label="Folder of pictures"
              disabled={!isReady}
              onFiles={(files) => ask(nameFiles(files))}
            />
          </span>
        </div>
      </div>
    </Card>
  );
}

function describeEngine({ engine, threads, note }: Opened): string {
  const place = engine === 'webgpu' ? 'WebGPU' : `WebAssembly with ${countNoun(threads, 'thread')}`;
  return `${note ? `${note} ` : ''}The model is ready, in ${place}.`;
}

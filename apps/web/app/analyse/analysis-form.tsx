'use client';
/** How pictures are dropped on the model, with what it has to be told of them. */
import { FolderOpen } from 'lucide-react';
import { useRef, useState } from 'react';
import type { DroppedFile, EngineChoice, FromWorker } from '../../analyser/messages.ts';
import { countNoun } from '../../format/count-noun.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import type { AnalysedModel } from './analysed-model.ts';
import { nameFiles, readDropped } from './read-dropped.ts';
import { FIRST_READING, ReadingOptions, readScale } from './reading-options.tsx';

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
  const { scaleText, stride, skipsGlass } = reading;
  const scale = readScale(scaleText);
  const isReady = opened !== null && !busy && scale !== 'WRONG';
  function ask(files: readonly DroppedFile[]) {
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
          onDrop={(transfer) => void readDropped(transfer).then(ask)}
        />
        <div className="flex flex-wrap items-start gap-x-5 gap-y-3">
          <ReadingOptions
            reading={reading}
            onChange={setReading}
            engine={engine}
            onEngine={onEngine}
            busy={busy}
          />
          <FolderButton disabled={!isReady} onFiles={(files) => ask(nameFiles(files))} />
        </div>
      </div>
    </Card>
  );
}

function FolderButton({ disabled, onFiles }: { disabled: boolean; onFiles: (files: FileList) => void }) {
  const inputRef = useRef<HTMLInputElement>(null);
  return (
    <span className="pt-5">
      <Button disabled={disabled} onClick={() => inputRef.current?.click()}>
        <FolderOpen aria-hidden />
        Choose a folder
      </Button>
      <input
        ref={(input) => {
          inputRef.current = input;
          if (input) input.webkitdirectory = true;
        }}
        type="file"
        multiple
        hidden
        aria-label="Folder of pictures"
        onChange={({ target }) => target.files && onFiles(target.files)}
      />
    </span>
  );
}

function describeEngine({ engine, threads, note }: Opened): string {
  const place = engine === 'webgpu' ? 'WebGPU' : `WebAssembly with ${countNoun(threads, 'thread')}`;
  return `${note ? `${note} ` : ''}The model is ready, in ${place}.`;
}

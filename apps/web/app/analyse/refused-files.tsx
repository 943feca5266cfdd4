/** Each file that says nothing, with the reason. */
import type { RefusedFile } from '../../analyser/messages.ts';
import { countNoun } from '../../format/count-noun.ts';
import { Card } from '../../ui/card.tsx';

const SHOWN_MAX = 100;

export function RefusedFiles({ files }: { files: readonly RefusedFile[] }) {
  const hidden = files.length - SHOWN_MAX;
  return (
    <Card title={`${countNoun(files.length, 'file')} without an answer`}>
      <ul aria-label="Files without an answer" className="flex flex-col gap-1.5 text-sm">
        {files.slice(0, SHOWN_MAX).map(({ path, refusal }) => (
          <li key={path} className="break-words">
            <span className="font-medium break-all">{path}</span> {refusal}
          </li>
        ))}
        {hidden > 0 && <li className="text-muted-foreground">and {countNoun(hidden, 'more file')}</li>}
      </ul>
    </Card>
  );
}

'use client';
/** The panels that can be put into a report, each as a block that works as it is; and what their lines mean. */
import { useQuery } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import { ReportPanelsDocument, type ReportPanelsQuery } from '../../../../graphql/generated/graphql.ts';
import { Button } from '../../../../ui/button.tsx';
import { Menu, MenuItem } from '../../../../ui/menu.tsx';
import { PANEL_NAMES } from '../panels/name-panel.ts';

type PanelMeaning = ReportPanelsQuery['reportPanels'][number];
const NONE: readonly PanelMeaning[] = [];

function usePanelMeanings(): readonly PanelMeaning[] {
  return useQuery(ReportPanelsDocument, { fetchPolicy: 'cache-first' }).data?.reportPanels ?? NONE;
}

export function InsertMenu({ onInsert }: { onInsert: (block: string) => void }) {
  const panels = usePanelMeanings();
  return (
    <Menu
      align="start"
      trigger={
        <Button disabled={panels.length === 0}>
          <Plus />
          Insert panel
        </Button>
      }
    >
      {panels.map(({ kind, about, block }) => (
        <MenuItem key={kind} className="max-w-80 flex-col items-start gap-0" onSelect={() => onInsert(block)}>
          <span className="font-medium">{PANEL_NAMES[kind]}</span>
          <span className="text-xs text-muted-foreground">{about}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}

export function PanelGuide() {
  const panels = usePanelMeanings();
  return (
    <details className="rounded-md border border-line px-3 py-2 text-sm">
      <summary className="font-medium">How panels are written</summary>
      <p className="mt-2 text-muted-foreground">
        Markdown, in which a block between two lines of three backticks stands for a panel when its first line
        says chart, table or comparison.
      </p>
      {panels.map(({ kind, word, about, lines }) => (
        <section key={kind} className="mt-3" aria-label={PANEL_NAMES[kind]}>
          <p>
            <code className="font-mono font-semibold">{word}</code> {about}
          </p>
          <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
            {lines.map((line) => (
              <div key={line.key} className="contents">
                <dt className="font-mono">{line.key}</dt>
                <dd className="text-muted-foreground">
                  {line.about}
                  {line.isRequired && ' There is no panel without it.'}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </details>
  );
}

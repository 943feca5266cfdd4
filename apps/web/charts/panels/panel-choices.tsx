'use client';
/** Adds a chart, and brings hidden ones back. */
import { ChartLine, Eye } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { addPanel, changePanel } from './layout-edits.ts';
import { PanelDialog } from './panel-dialog.tsx';
import type { PlottedPanel } from './plot-panels.ts';
import type { Arranged } from './use-chart-arrangement.ts';

type PanelChoicesProps = { arranged: Arranged; panels: readonly PlottedPanel[]; names: readonly string[] };

export function PanelChoices({ arranged, panels, names }: PanelChoicesProps) {
  const [isAdding, setAdding] = useState(false);
  const hidden = panels.filter(({ isHidden }) => isHidden);
  if (!arranged.mayChange) return null;
  function show({ key, section }: PlottedPanel) {
    const standing = panels.filter((panel) => panel.section === section).map((panel) => panel.key);
    arranged.change((layout) => changePanel(layout, { standing, key, change: { isHidden: false } }));
  }
  return (
    <>
      {hidden.length > 0 && (
        <Menu
          trigger={
            <Button size="sm">
              <Eye />
              Hidden charts: {hidden.length}
            </Button>
          }
        >
          {hidden.map((panel) => (
            <MenuItem key={panel.key} onSelect={() => show(panel)}>
              Show {panel.title}
            </MenuItem>
          ))}
        </Menu>
      )}
      <Button size="sm" onClick={() => setAdding(true)}>
        <ChartLine />
        Add chart
      </Button>
      <PanelDialog
        title="Add chart"
        open={isAdding}
        onOpenChange={setAdding}
        names={names}
        onDone={(added) => arranged.change((layout) => addPanel(layout, added))}
      />
    </>
  );
}

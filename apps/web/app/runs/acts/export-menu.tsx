'use client';
/** Saves all runs that match, with the columns that are shown, as a file. */
import { Download } from 'lucide-react';
import type { RunSearch } from '../../../address/page-addresses.ts';
import { useFileUrl } from '../../../api/api-provider.tsx';
import { Button } from '../../../ui/button.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import type { RunColumn } from '../columns/run-column.ts';
import { linkToTable, TABLE_FORMATS } from './table-link.ts';

type ExportMenuProps = { search: RunSearch; columns: readonly RunColumn[] };

export function ExportMenu({ search, columns }: ExportMenuProps) {
  const fileUrl = useFileUrl();
  const names = columns.filter(({ type }) => type !== null).map(({ name }) => name);
  return (
    <Menu
      trigger={
        <Button size="sm">
          <Download />
          Save
        </Button>
      }
    >
      {TABLE_FORMATS.map(({ format, title }) => (
        <MenuItem key={format} asChild>
          <a href={fileUrl(linkToTable(search, { names, format }))} download>
            <Download />
            {title}
          </a>
        </MenuItem>
      ))}
    </Menu>
  );
}

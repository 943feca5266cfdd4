/** The columns that schema.prisma gives a type of ours (`/// [RunStatus]`), and all JSON columns, typed or not. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Column = {
  model: string;
  field: string;
  /** As the database names them, `run_event.kind`. */
  place: string;
  isJson: boolean;
  /** Null where schema.prisma names none. */
  type: string | null;
};

export function listTypedColumns(): Column[] {
  const schema = readFileSync(
    fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url)),
    'utf8',
  );
  return [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].flatMap(([, model = '', body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)![1]!;
    const lines = body.split('\n');
    return lines.flatMap((line, at): Column[] => {
      const [, field, kind] = /^ {2}(\w+)\s+(\w+)/.exec(line) ?? [];
      const type = /^ {2}\/\/\/ \[(\w+)\]/.exec(lines[at - 1] ?? '')?.[1] ?? null;
      if (!field || (kind !== 'Json' && type === null)) return [];
      const place = `${table}.${/@map\("(\w+)"\)/.exec(line)?.[1] ?? field}`;
      return [{ model, field, place, isJson: kind === 'Json', type }];
    });
  });
}

/** An export of Neptune as `neptune-exporter` writes it: its folders, and Parquet in its exact schema. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';

type SchemaElement = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>[number];
type Attribute = { path: string; type: string } & Record<string, unknown>;

const text = (name: string): SchemaElement => ({
  ...{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
});
const moment = (name: string): SchemaElement => ({
  ...{ name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'OPTIONAL' },
});
const list = (name: string, element: SchemaElement): SchemaElement[] => [
  { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  element,
];
const number = (name: string): SchemaElement => ({ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' });

const SCHEMA: SchemaElement[] = [
  { name: 'schema', num_children: 14 },
  ...['project_id', 'run_id', 'attribute_path', 'attribute_type'].map(text),
  {
    ...{ name: 'step', type: 'FIXED_LEN_BYTE_ARRAY', type_length: 8, converted_type: 'DECIMAL' },
    ...{ scale: 6, precision: 18, repetition_type: 'OPTIONAL' },
  },
  moment('timestamp'),
  { name: 'int_value', type: 'INT64', repetition_type: 'OPTIONAL' },
  number('float_value'),
  text('string_value'),
  { name: 'bool_value', type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
  moment('datetime_value'),
  ...list('string_set_value', text('element')),
  { name: 'file_value', repetition_type: 'OPTIONAL', num_children: 1 },
  text('path'),
  { name: 'histogram_value', repetition_type: 'OPTIONAL', num_children: 3 },
  text('type'),
  ...list('edges', number('element')),
  ...list('values', number('element')),
];
const COLUMNS = [
  ...['step', 'timestamp', 'int_value', 'float_value', 'string_value', 'bool_value', 'datetime_value'],
  ...['string_set_value', 'file_value', 'histogram_value'],
];

/** The parts of one run; files of the project are written by their paths. */
export async function writeExport(
  folder: string,
  {
    project,
    run,
    parts,
    files = {},
  }: { project: string; run: string; parts: Attribute[][]; files?: Record<string, string> },
): Promise<void> {
  const name = `${project.replace(/\W/g, '_')}-0123456789abcdef`;
  await mkdir(path.join(folder, 'data', name), { recursive: true });
  for (const [at, rows] of parts.entries()) {
    const columnData = [
      { name: 'project_id', data: rows.map(() => project) },
      { name: 'run_id', data: rows.map(() => run) },
      { name: 'attribute_path', data: rows.map((row) => row.path) },
      { name: 'attribute_type', data: rows.map((row) => row.type) },
      ...COLUMNS.map((column) => ({ name: column, data: rows.map((row) => row[column] ?? null) })),
    ];
    const bytes = parquetWriteBuffer({ columnData, schema: SCHEMA });
    await writeFile(path.join(folder, 'data', name, `${run}-0123_part_${at}.parquet`), Buffer.from(bytes));
  }
  for (const [place, body] of Object.entries(files)) {
    const file = path.join(folder, 'files', name, place);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, body);
  }
}

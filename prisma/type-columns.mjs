/**
 * Gives columns the types that schema.prisma names above them (`/// [RunStatus]`, declared in the namespace ColumnTypes of
 * packages/store/src/database/column-types.ts): in the generated client `string` and `JsonValue` become that type, in rows
 * and in what is written. Filters keep the types of Prisma.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TYPE_COMMENT = /^\[(\w+)\]/m;
/** What stands for the value of such a column; beside its own types Prisma lets JSON null be written everywhere. */
const VALUES = {
  Json: /(?:Prisma\.JsonNullValueInput \| )?\bruntime\.(?:Input)?JsonValue\b/g,
  String: /\bstring\b/g,
};

/** Rewrites the generated file of each model that has such columns. */
export function typeColumns({ models, clientDir }) {
  for (const { name, fields } of models) {
    const types = fields.flatMap((field) => {
      const named = TYPE_COMMENT.exec(field.documentation ?? '')?.[1];
      return named ? [[field.name, { value: VALUES[field.type], type: `ColumnTypes.${named}` }]] : [];
    });
    if (types.length > 0) rewriteModel(join(clientDir, 'models', `${name}.ts`), new Map(types));
  }
}

function rewriteModel(file, types) {
  const written = readFileSync(file, 'utf8').replace(
    /^( +)(\w+)(\??: )(.+)$/gm,
    (line, indent, field, colon, type) => {
      const column = types.get(field);
      return column ? indent + field + colon + type.replace(column.value, column.type) : line;
    },
  );
  writeFileSync(file, written);
}

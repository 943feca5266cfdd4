/**
 * What schema.prisma says that a database does not: asked of Prisma's own schema engine, in the WebAssembly build that
 * npm carries (the native one would be downloaded from elsewhere). It reads the database's catalogue through the pg
 * driver adapter, which is mended in the one place where the engine asks more of it than a client does.
 */
import { readFile } from 'node:fs/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlQuery,
} from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';

/** The catalogue's one-byte type "char", which the adapter does not know, and a type that it reads as a string. */
const CHAR_OID = 18;
const BPCHAR_OID = 1042;

export type SchemaDiff = {
  /** For people; null when database and schema agree. */
  summary: string | null;
  /** SQL that brings the database to the schema. */
  script: string;
};

/** How far a database is from a schema file. What Prisma cannot say (CHECK, triggers, partial indexes) is not seen. */
export async function diffSchema(databaseUrl: string, schemaPath: string): Promise<SchemaDiff> {
  const files = [{ path: schemaPath, content: await readFile(schemaPath, 'utf8') }];
  const engine = await SchemaEngine.new(
    { datamodels: files.map(({ path, content }) => [path, content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(new CatalogueAdapterFactory({ connectionString: databaseUrl })),
  );
  const ask = (script: boolean) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '.' },
      to: { tag: 'schemaDatamodel', files },
      script,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
  const summary = await ask(false);
  const script = await ask(true);
  return { summary: summary.exitCode === 0 ? null : (summary.stdout ?? ''), script: script.stdout ?? '' };
}

/** A PrismaPg that reads "char" columns as characters. */
class CatalogueAdapterFactory extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const connection = await super.connect();
    readCharColumns(connection as unknown as Connection);
    return connection;
  }
}

type Fields = { fields: { dataTypeID: number }[] };
type Connection = SqlDriverAdapter & { performIO(query: SqlQuery): Promise<Fields> };

/** The engine wants a Character there; a Text makes it panic on PostgreSQL 18. */
function readCharColumns(connection: Connection): void {
  const queryRaw = connection.queryRaw;
  connection.queryRaw = async (query) => {
    const charColumns: number[] = [];
    const performIO = async (statement: SqlQuery) => {
      const result = await connection.performIO(statement);
      for (const [index, field] of result.fields.entries()) {
        if (field.dataTypeID !== CHAR_OID) continue;
        field.dataTypeID = BPCHAR_OID;
        charColumns.push(index);
      }
      return result;
    };
    const reader = Object.create(connection, { performIO: { value: performIO } }) as Connection;
    const resultSet = await queryRaw.call(reader, query);
    for (const index of charColumns) resultSet.columnTypes[index] = ColumnTypeEnum.Character;
    return resultSet;
  };
}

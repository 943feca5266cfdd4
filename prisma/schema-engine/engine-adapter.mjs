/**
 * The pg driver adapter, mended in the three places where the schema engine asks more of it than a client does:
 * whole scripts, the catalogue's "char" type, and shadow databases.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** Postgres type ids. */
const CHAR_OID = 18;
const BPCHAR_OID = 1042;

/** A PrismaPg whose connections serve the schema engine. `shadows` collects what is still to be dropped. */
export class EngineAdapterFactory extends PrismaPg {
  constructor(config, shadows = new Set()) {
    super(config, {});
    this.engineConfig = config;
    this.shadows = shadows;
  }

  async connect() {
    const connection = await super.connect();
    sendScriptsWhole(connection);
    readCharColumns(connection);
    disposeOnce(connection);
    return connection;
  }

  /** The adapter's own drops the shadow database while its pool is still connected to it: here the pool ends first. */
  async connectToShadowDb() {
    const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    const admin = new pg.Client(this.engineConfig);
    await admin.connect();
    await admin.query(`create database "${database}"`);
    const drop = async () => {
      this.shadows.delete(drop);
      await admin.query(`drop database if exists "${database}" with (force)`).finally(() => admin.end());
    };
    this.shadows.add(drop);
    const connection = await new EngineAdapterFactory(
      { ...this.engineConfig, database },
      this.shadows,
    ).connect();
    const dispose = connection.dispose;
    connection.dispose = async () => {
      await dispose();
      await drop();
    };
    return connection;
  }
}

/** The adapter splits scripts at every ';', which breaks $$-quoted function bodies: send the script as it stands. */
function sendScriptsWhole(connection) {
  connection.executeScript = async (script) => {
    await connection
      .underlyingDriver()
      .query(script)
      .catch((error) => connection.onError(error));
  };
}

/**
 * The adapter has no mapping for the one-byte "char" of the catalogue. The engine wants a Character: Text passes on
 * Postgres 15 and makes the engine panic on 18. So the column is read as bpchar and labelled Character.
 */
function readCharColumns(connection) {
  const queryRaw = connection.queryRaw;
  connection.queryRaw = async (query) => {
    let charColumns = [];
    const performIO = async (statement) => {
      const result = await connection.performIO(statement);
      charColumns = result.fields.flatMap((field, index) => (field.dataTypeID === CHAR_OID ? [index] : []));
      for (const index of charColumns) result.fields[index].dataTypeID = BPCHAR_OID;
      return result;
    };
    const resultSet = await queryRaw.call(
      Object.create(connection, { performIO: { value: performIO } }),
      query,
    );
    for (const index of charColumns) resultSet.columnTypes[index] = ColumnTypeEnum.Character;
    return resultSet;
  };
}

/** The engine disposes some connections twice, and a pool refuses to end twice. */
function disposeOnce(connection) {
  const dispose = connection.dispose.bind(connection);
  let disposed = false;
  connection.dispose = async () => {
    if (disposed) return;
    disposed = true;
    await dispose();
  };
}

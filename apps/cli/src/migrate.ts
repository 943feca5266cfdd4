/** `npm run migrate`: brings the database of DATABASE_URL to the newest schema. `npm start` does so by itself. */
import { AppError } from '@microtome/domain/app-error';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { Command } from 'commander';
import { readEnv } from './env.ts';
import { runMain } from './run-main.ts';

await runMain(async () => {
  new Command('migrate')
    .description('Brings the database of DATABASE_URL to the newest schema.')
    .parse(process.argv);
  const { databaseUrl } = readEnv();
  if (!databaseUrl) throw new AppError('BAD_INPUT', 'Say which database: DATABASE_URL=… npm run migrate.');
  await migrateDatabase(databaseUrl);
  console.log('The database has the newest schema.');
});

/** The last step of a build: leaves its scripts and styles compressed beside themselves. */
import { compressBuiltFiles } from './compressed-files.ts';

await compressBuiltFiles();

/**
 * Loaded first by every Node process that tests start: it keeps what Node makes of a TypeScript file when it strips the types,
 * by the file's content, so that the next process reads it. They are hundreds, and this work is a third of what a trainer's modules take to load, a tenth of an API's start.
 * Vitest's own processes have a cache of theirs.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

const FOLDER = fileURLToPath(new URL('../node_modules/.cache/stripped-types/', import.meta.url));

if (!process.argv[1]?.includes('/node_modules/vitest/')) registerHooks({ load });

function load(url, context, loadNext) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return loadNext(url, context);
  const path = fileURLToPath(url);
  const text = readFileSync(path, 'utf8');
  const name = createHash('sha1').update(`${process.version}\0${path}\0${text}`).digest('hex');
  return { format: 'module', source: readKept(name) ?? keep(name, strip(path, text)), shortCircuit: true };
}

function readKept(name) {
  try {
    return readFileSync(FOLDER + name, 'utf8');
  } catch {
    return null;
  }
}

/** Whole or not at all: other processes read it meanwhile. A place that cannot be written is no reason to fail. */
function keep(name, source) {
  const unfinished = `${FOLDER}${name}.${process.pid}-${threadId}`;
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(unfinished, source);
    renameSync(unfinished, FOLDER + name);
  } catch {}
  return source;
}

/** As Node does, which does not warn either that it may change one day. */
function strip(path, text) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return `${stripTypeScriptTypes(text)}\n\n//# sourceURL=${path}`;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/**
 * Where the files of a registered version are said to be. Clients open it later with rights of their own, so it may neither
 * be a path of the server nor climb out of the place that it names.
 */
import { AppError } from '../app-error.ts';

/** How often an address is unquoted: what is quoted more often than this was quoted to hide it. */
const UNQUOTINGS_MAX = 10;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** BAD_INPUT for a path of this machine, and for an address with `..` or NUL in it however it is quoted. */
export function checkVersionSource(source: string): string {
  const scheme = SCHEME.exec(source)?.[1]?.toLowerCase();
  const plain = unquote(source);
  if (plain === null || plain.includes('\0') || plain.split(/[/\\]/).includes('..')) {
    if (scheme !== undefined && scheme !== 'file') refuseRelative(source);
  }
  if (scheme !== undefined && scheme !== 'file') return source;
  throw new AppError(
    'BAD_INPUT',
    `Invalid model version source: '${source}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id. Files of runs are kept by this server and have no local path.`,
  );
}

/** The logged model that `models:/m-…` names; null for any other source. */
export function findSourceModelId(source: string): string | null {
  return /^models:\/(m-[0-9a-f]{32})\/?$/.exec(source)?.[1] ?? null;
}

function refuseRelative(source: string): never {
  throw new AppError(
    'BAD_INPUT',
    `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.`,
  );
}

/** null when it cannot be unquoted, or not to an end. */
function unquote(source: string): string | null {
  let plain = source;
  for (let time = 0; time < UNQUOTINGS_MAX; time += 1) {
    const next = decode(plain);
    if (next === null || next === plain) return next;
    plain = next;
  }
  return null;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/**
 * The fields of a request of an MLflow client, from its JSON or its query. They are read one after the other, so that the
 * first that does not fit is refused, in the words of MLflow's own server, which clients and their tests look for.
 */
import { AppError } from '@microtome/domain/app-error';
import type { KeyedText } from '@microtome/domain/mlflow/entry-rules';
import { checkStorable } from '@microtome/domain/text-rules';
import type { Request } from 'express';

const HINT = 'See the API docs for more information about request parameters.';
/** Some calls have two names for a run. */
const OTHER_NAMES: Record<string, string> = { run_id: 'run_uuid' };
const TEXT_DEPTH_MAX = 10;
const SAFE_INTEGER = /^-?\d{1,16}$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const NOT_FINITE: Record<string, number> = { nan: Number.NaN, infinity: Infinity, inf: Infinity };

export type RequestReader = {
  has(name: string): boolean;
  isText(name: string): boolean;
  requiredText(name: string): string;
  /** Empty when left out. */
  text(name: string): string;
  optionalText(name: string): string | undefined;
  integer(name: string): number | undefined;
  requiredInteger(name: string): number;
  /** NaN and infinities are numbers, written as texts. */
  requiredNumber(name: string): number;
  flag(name: string): boolean;
  texts(name: string): string[];
  /** Readers of the objects of a list; empty when left out. */
  entries(name: string): RequestReader[];
  /** The object of that name. */
  entry(name: string): RequestReader | undefined;
  /** Empty when left out. */
  keyedTexts(name: string): KeyedText[];
  refuse(name: string): never;
};

type OpenedRequest = {
  fields: RequestReader /** As they were sent. */;
  values: Record<string, unknown>;
};

/** BAD_INPUT for a body that is no JSON object. */
export function openRequest(request: Request): OpenedRequest {
  const { query, body } = request;
  const raw = typeof body === 'string' && body.trim() !== '' ? body : null;
  const isQuery = request.method === 'GET' && Object.keys(query).length > 0;
  const values = isQuery ? { ...query } : raw === null ? {} : parseBody(raw);
  checkTexts(values, 0);
  return { fields: new FieldReader(values, { raw, isQuery }), values };
}

function parseBody(raw: string): Record<string, unknown> {
  const parsed = parseJson(raw);
  // Old clients write their JSON into a text first.
  const values = typeof parsed === 'string' ? parseJson(parsed) : parsed;
  if (values === null) return {};
  if (typeof values === 'object' && !Array.isArray(values)) return values as Record<string, unknown>;
  throw new AppError('BAD_INPUT', 'The request holds no JSON object.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('BAD_INPUT', 'The request cannot be read: its body is no JSON.');
  }
}

/** No text of a request may hold what the database refuses. */
function checkTexts(value: unknown, depth: number): void {
  if (depth > TEXT_DEPTH_MAX) throw new AppError('BAD_INPUT', 'The request is nested too deeply.');
  if (typeof value === 'string') checkStorable(value, 'The request');
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const inner of value) checkTexts(inner, depth + 1);
    return;
  }
  for (const key in value) {
    checkStorable(key, 'The request');
    checkTexts((value as Values)[key], depth + 1);
  }
}

type Values = Readonly<Record<string, unknown>>;
type Source = { raw: string | null; isQuery: boolean };

/** A class, because a batch has a thousand entries, each with a reader of its own. */
class FieldReader implements RequestReader {
  readonly #values: Values;
  readonly #source: Source;

  constructor(values: Values, source: Source) {
    this.#values = values;
    this.#source = source;
  }

  #find(name: string): unknown {
    const other = OTHER_NAMES[name];
    return Object.hasOwn(this.#values, name) ? this.#values[name] : other ? this.#values[other] : undefined;
  }

  #read<T>(name: string, parse: (value: unknown) => T | undefined): T | undefined {
    const value = this.#find(name);
    if (value === undefined || value === null) return undefined;
    return parse(value) ?? this.refuse(name);
  }

  #list(name: string): unknown[] {
    const { isQuery } = this.#source;
    return this.#read(name, (value) => (Array.isArray(value) ? value : isQuery ? [value] : undefined)) ?? [];
  }

  refuse(name: string): never {
    return refuseField(name, this.#find(name), this.#source.raw);
  }

  has(name: string): boolean {
    return (this.#find(name) ?? null) !== null;
  }

  isText(name: string): boolean {
    return typeof this.#find(name) === 'string';
  }

  optionalText(name: string): string | undefined {
    return this.#read(name, toText);
  }

  text(name: string): string {
    return this.optionalText(name) ?? '';
  }

  requiredText(name: string): string {
    return this.optionalText(name) || refuseMissing(name);
  }

  integer(name: string): number | undefined {
    return this.#read(name, toInteger);
  }

  requiredInteger(name: string): number {
    return this.integer(name) ?? refuseMissing(name);
  }

  requiredNumber(name: string): number {
    return this.#read(name, toNumber) ?? refuseMissing(name);
  }

  flag(name: string): boolean {
    return this.#read(name, toFlag) ?? false;
  }

  texts(name: string): string[] {
    return this.#list(name).map((entry) => toText(entry) ?? this.refuse(name));
  }

  entries(name: string): RequestReader[] {
    return this.#list(name).map((entry) => openEntry(entry) ?? this.refuse(name));
  }

  entry(name: string): RequestReader | undefined {
    return this.#read(name, openEntry);
  }

  keyedTexts(name: string): KeyedText[] {
    return this.entries(name).map((entry, place) => ({
      key: entry.text('key') || refuseMissing(`${name}[${place}].key`),
      value: entry.text('value'),
    }));
  }
}

const OF_ENTRY: Source = { raw: null, isQuery: false };

function openEntry(entry: unknown): RequestReader | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  return new FieldReader(entry as Values, OF_ENTRY);
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  return typeof value === 'string' && SAFE_INTEGER.test(value) ? Number(value) : undefined;
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (NUMBER.test(value)) return Number(value);
  const sign = value.startsWith('-') ? -1 : 1;
  const known = NOT_FINITE[value.replace(/^[-+]/, '').toLowerCase()];
  return known === undefined ? undefined : sign * known;
}

function toFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' || !/^(true|false)$/i.test(value)) return undefined;
  return value.toLowerCase() === 'true';
}

export function refuseMissing(name: string): never {
  throw new AppError('BAD_INPUT', `Missing value for required parameter '${name}'. ${HINT}`);
}

function refuseField(name: string, value: unknown, raw: string | null): never {
  const shown = (typeof value === 'number' && raw !== null && findNumber(raw, name)) || JSON.stringify(value);
  throw new AppError(
    'BAD_INPUT',
    `Invalid value ${shown} for parameter '${name}' supplied: Hint: Value was of type '${describeType(value)}'. ${HINT}`,
  );
}

/** As the request wrote it: 9.0 is another text than 9. */
function findNumber(raw: string, name: string): string | null {
  const quoted = JSON.stringify(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`${quoted}\\s*:\\s*([-+\\d.eE]+)`).exec(raw)?.[1] ?? null;
}

function describeType(value: unknown): string {
  if (typeof value === 'string') return 'str';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? 'list' : 'dict';
}

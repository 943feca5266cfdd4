/**
 * The one parser of what comes in: every argument of every field passes here before anything runs, whether it was
 * written into the document or sent as a variable, over HTTP or a WebSocket. It refuses what no column can hold, and
 * a text that is not what its field takes, so that nothing behind it has to.
 */
import { AppError } from '@microtome/domain/app-error';
import { atField } from '@microtome/domain/at-field';
import { checkStorable, checkText } from '@microtome/domain/text-rules';
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql';
import { checkPageSize, PAGE_SIZE_ARGUMENTS } from './page-size.ts';
import { checkCursor, type ListPlace } from './paging/cursor.ts';
import { fitsOrder, readOrder } from './paging/list-order.ts';
import { readTextKind } from './typed-text.ts';

export const CURSOR_ARGUMENTS = ['after', 'before'];
/** Deeper than any JSON that is asked for; a bomb of brackets is not walked. */
const MAX_JSON_DEPTH = 16;
const MAX_VALUES = 100_000;
const INPUT = 'input';

type ArgumentField = GraphQLField<unknown, unknown>;

/** BAD_INPUT, naming the argument, when one cannot be stored or looked up. */
export function checkArguments(field: ArgumentField, args: Readonly<Record<string, unknown>>): void {
  const listType = getNamedType(field.type).name;
  const isPlace = findPlaceRule(field);
  for (const [name, value] of Object.entries(args)) {
    const place = `'${name}' of '${field.name}'`;
    checkValues(value, place);
    const argument = field.args.find((one) => one.name === name);
    // A form knows its fields by their names within the input.
    if (argument) checkTexts(argument, value, name === INPUT ? [] : [name]);
    if (PAGE_SIZE_ARGUMENTS.includes(name) && typeof value === 'number') checkPageSize(value, place);
    if (CURSOR_ARGUMENTS.includes(name) && typeof value === 'string')
      checkCursor(value, { listType, place, isPlace });
  }
}

/** Null of a list whose cursors hold no places. Runs in an order that is asked for hold theirs to it where they are read. */
function findPlaceRule(field: ArgumentField): ((place: ListPlace) => boolean) | null {
  const order = readOrder(field);
  if (order) return (place) => fitsOrder(place, order);
  return field.args.some(({ name }) => name === 'sort') ? () => true : null;
}

/** Walks what is inside without recursion: a client chooses how deep it is. */
function checkValues(root: unknown, place: string): void {
  const waiting = [{ value: root, path: '', depth: 0 }];
  let seen = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path, depth } = next;
    const where = path === '' ? place : `'${path.slice(1)}' in ${place}`;
    seen += 1;
    if (seen > MAX_VALUES) {
      throw new AppError('BAD_INPUT', `${place} has more than ${MAX_VALUES} values.`);
    }
    if (typeof value === 'string') checkStorable(value, where);
    else if (typeof value === 'number') checkFinite(value, where);
    else if (isContainer(value)) {
      if (depth === MAX_JSON_DEPTH) {
        throw new AppError('BAD_INPUT', `${place} is nested deeper than ${MAX_JSON_DEPTH} levels.`);
      }
      for (const [key, inner] of Object.entries(value)) {
        checkStorable(key, `A name in ${where}`);
        waiting.push({ value: inner, path: `${path}.${key}`, depth: depth + 1 });
      }
    }
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

function checkFinite(value: number, where: string): void {
  if (!Number.isFinite(value)) {
    throw new AppError('BAD_INPUT', `${where} is ${value}: a number must be finite.`);
  }
}

type Typed = { type: GraphQLInputType; extensions: Readonly<Record<string, unknown>> };

/** Each text by the rule of its kind; an error says in which field it stands. A value has the shape of its type by now. */
function checkTexts({ type, extensions }: Typed, value: unknown, path: readonly string[]): void {
  const nullable = getNullableType(type);
  if (value == null) return;
  if (isListType(nullable)) {
    for (const entry of value as unknown[]) checkTexts({ type: nullable.ofType, extensions }, entry, path);
  } else if (isInputObjectType(nullable)) {
    for (const field of Object.values(nullable.getFields())) {
      checkTexts(field, (value as Record<string, unknown>)[field.name], [...path, field.name]);
    }
  } else {
    const kind = readTextKind(extensions);
    if (kind && typeof value === 'string') atField(path.join('.'), () => checkText(value, kind));
  }
}

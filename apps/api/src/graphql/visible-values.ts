/**
 * What of a value may be shown to who asks: objects of other projects are taken out of lists and pages, and are null elsewhere.
 * Where null cannot be, they are not found.
 */
import { AppError } from '@microtome/domain/app-error';
import { type GraphQLField, isNonNullType } from 'graphql';
import { readPath } from '../access/need.ts';
import { KEPT, readEntryType } from '../access/type-access.ts';
import type { ApiContext } from './context.ts';

type Showing = { context: ApiContext; typeName: string };
type Page = { edges: readonly ({ node?: unknown } | null)[] };

/** What a request was shown once, it is shown again: the entries of a page need no look of their own. */
const shown = new WeakMap<ApiContext, WeakSet<object>>();

export function keepVisible(
  given: unknown,
  showing: Showing & { field: GraphQLField<unknown, ApiContext> },
): unknown {
  const isKnown = typeof given === 'object' && given !== null && shown.get(showing.context)?.has(given);
  return isKnown ? given : lookAndKeep(given, showing);
}

async function lookAndKeep(
  given: unknown,
  showing: Showing & { field: GraphQLField<unknown, ApiContext> },
): Promise<unknown> {
  const value = await given;
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) return filterVisible(value, showing);
  if (isPage(value)) {
    const nodes = await filterVisible(
      value.edges.map((edge) => edge?.node),
      showing,
    );
    const kept = new Set(nodes);
    rememberShown(nodes, showing);
    return { ...value, edges: value.edges.filter((edge) => kept.has(edge?.node)) };
  }
  if (await isVisible(value, showing)) return value;
  if (!isNonNullType(showing.field.type)) return null;
  throw new AppError('NOT_FOUND', 'This is not there any more.');
}

/** Follows what is not a page the same way: events about what is not visible are left out. */
export function keepVisibleEvents(events: AsyncIterable<unknown>, showing: Showing): AsyncIterable<unknown> {
  if (showing.context.access.projectIds === null || !(showing.typeName in KEPT)) return events;
  return filterEvents(events, showing);
}

async function* filterEvents(
  events: AsyncIterable<unknown>,
  showing: Showing,
): AsyncGenerator<unknown, void> {
  for await (const event of events) {
    if (await isVisible(event, showing)) yield event;
  }
}

async function filterVisible(values: readonly unknown[], showing: Showing): Promise<unknown[]> {
  const visible = await Promise.all(
    values.map(async (value) => value === null || (await isVisible(await value, showing))),
  );
  return values.filter((_value, index) => visible[index]);
}

async function isVisible(value: unknown, { context, typeName }: Showing): Promise<boolean> {
  const { projectIds } = context.access;
  const kept = KEPT[readEntryType(typeName)];
  if (projectIds === null || !kept) return projectIds === null;
  const row = value as Record<string, unknown>;
  // A row that names its project needs no look.
  if (typeof row.projectId === 'string') return projectIds.includes(row.projectId);
  const id = String(readPath(value, kept.id));
  const found = await context.loaders.projectsOf.load({ noun: kept.noun, id });
  return (found ?? []).some((projectId) => projectIds.includes(projectId));
}

function rememberShown(nodes: readonly unknown[], { context }: Showing): void {
  const known = shown.get(context) ?? new WeakSet();
  shown.set(context, known);
  for (const node of nodes) if (typeof node === 'object' && node !== null) known.add(node);
}

function isPage(value: unknown): value is Page {
  return typeof value === 'object' && value !== null && 'edges' in value && Array.isArray(value.edges);
}

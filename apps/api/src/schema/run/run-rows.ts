/**
 * The rows of a page of runs: those of which only their own values and numbers are shown are made once for each revision of a run, and
 * read by one statement; what stands beneath them in the graph is Prisma's to find.
 */
import { isNumberField, type RunColumn, type RunField } from '@microtome/domain/run-query/run-field';
import type { ListedRun } from '@microtome/store/run-query/run-pages';
import { listRunRows } from '@microtome/store/run-query/run-rows';
import type { Store } from '@microtome/store/store';
import { type FieldNode, type GraphQLResolveInfo, valueFromASTUntyped } from 'graphql';
import { type KeptObjects, openKeptObjects } from '../../execution/kept-objects.ts';
import { listSelected } from '../../graphql/selects-field.ts';
import { readRunField } from '../run-query/read-run-field.ts';

/** Fields of Run that come from its row and its series alone: when one of them changes, its revision does. */
const OWN_FIELDS: ReadonlySet<string> = new Set(
  `__typename id name origin notes tags sweepRung sweepPlace architecture hyperparameters seed parameters multiplyAdds status priority
  requestedBackend attempt emptyAttempts epochs epochsDone bestEpoch backend device versions trainPatchesPerSecond peakMemoryBytes
  threshold temperature error cancelRequestedAt archivedAt createdAt startedAt finishedAt predictionsUrl lastSeq figure`.split(
    /\s+/,
  ),
);

/** Of time, or of other records. */
const OTHERS: readonly RunColumn[] = ['duration', 'unsafe', 'testOpened', 'createdBy'];

const NODES = ['edges', 'node'];

type RunRows = {
  /** Whether the page is to tell the revisions of its runs. */
  needsRevision: boolean;
  /** By id; what is not there any more is left out. */
  find(places: readonly ListedRun[]): Promise<ReadonlyMap<string, object>>;
};

export function openRunRows(
  store: Store,
  { info, readQuery }: { info: GraphQLResolveInfo; readQuery(): { include?: object } },
): RunRows {
  const selected = listSelected(info, NODES);
  const isOfRow = selected.every(({ name }) => OWN_FIELDS.has(name.value));
  const query = isOfRow ? {} : readQuery();
  const isPlain = selected.every(({ selectionSet }) => !selectionSet);
  if (!isPlain || Object.keys(query.include ?? {}).length > 0) {
    return { needsRevision: false, find: (places) => findWithPrisma(store, query, places) };
  }
  const figures = listFigures(selected, info);
  const objects = isOfRow && figures.every(isOwn) ? openKeptObjects(info, NODES) : null;
  return {
    needsRevision: objects !== null,
    find: (places) => findPlain(store, places, { figures, objects }),
  };
}

async function findWithPrisma(store: Store, query: object, places: readonly ListedRun[]) {
  const id = { in: places.map(({ runId }) => runId) };
  const rows = await store.database.prisma.run.findMany({ ...query, where: { id } });
  return new Map(rows.map((run) => [run.id, run]));
}

async function findPlain(
  store: Store,
  places: readonly ListedRun[],
  { figures, objects }: { figures: RunField[]; objects: KeptObjects | null },
): Promise<ReadonlyMap<string, object>> {
  if (!objects) return listRunRows(store, { runIds: places.map(({ runId }) => runId), figures });
  const listed = places.flatMap(({ revised }) => revised ?? []);
  const { known, missing } = await objects.find(store, listed);
  const found = new Map<string, object>(known);
  const revisions = new Map(missing.map((run) => [run.id, run]));
  for (const [runId, row] of await listRunRows(store, { runIds: [...revisions.keys()], figures })) {
    const revised = revisions.get(runId);
    found.set(runId, revised ? objects.wrap(revised, row) : row);
  }
  return found;
}

function isOwn(field: RunField): boolean {
  if (field.kind === 'COLUMN') return !OTHERS.includes(field.name);
  return field.kind === 'SERIES' || field.kind === 'HYPERPARAMETER';
}

/** What is no field, or no number, is refused where it is asked for, row by row. */
function listFigures(selected: readonly FieldNode[], { variableValues }: GraphQLResolveInfo): RunField[] {
  const named = selected
    .filter(({ name }) => name.value === 'figure')
    .map((node) => node.arguments?.find(({ name }) => name.value === 'of')?.value)
    .map((value) => (value ? valueFromASTUntyped(value, variableValues) : null));
  const fields = new Set(named.filter((name) => typeof name === 'string').map(tryRunField));
  return [...fields].filter((field) => field !== null).filter(isNumberField);
}

function tryRunField(text: string): RunField | null {
  try {
    return readRunField(text);
  } catch {
    return null;
  }
}

/**
 * Every id that an operation can give is asked about before anything is done with it: it stands in the line of its field, or here with
 * why it need not. An id that nobody asks about tells strangers what is there.
 */
import { type GraphQLInputType, getNamedType, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { FIELD_ACCESS } from '../../../apps/api/src/access/field-access.ts';
import { buildSchema } from '../../../apps/api/src/schema.ts';
import { listRootFields } from './schema-walk.ts';

const RUN_LISTS = ['aggregateRuns', 'hyperparameterInfluence', 'leaderboard', 'runs'];
const ELSEWHERE: Record<string, string> = {
  'Query.auditLog(filter.accountId)': 'a condition on entries that may be seen',
  'Query.auditLog(filter.subjectId)': 'a condition on entries that may be seen',
  'Query.previewImport(input.projectId)': 'looks at no project',
  'Query.previewTiling(input.projectId)': 'looks at no project',
  'Query.project(id)': 'the value is held to who asks',
  'Query.worker(id)': 'workers are of no project',
  'Mutation.removeProjectMember(accountId)': 'a condition on members of the project that is asked about',
  'ExternalEvaluation.slideGrid(slideId)': 'among the slides of its dataset alone',
  'Patient.positiveCount(taskId)': 'among the tasks of its dataset alone',
  'Patient.positiveShare(taskId)': 'among the tasks of its dataset alone',
  'Patient.subset(splitId)': 'among the splits of its dataset alone',
  'Run.slideGrid(slideId)': 'among the slides of its dataset alone',
  'Split.subsets(taskId)': 'among the tasks of its dataset alone',
};
/** Conditions on runs that may be seen; a setting is one of an experiment, so that of a hidden run is no other's. */
const isRunFilter = (place: string) => RUN_LISTS.some((name) => place.startsWith(`Query.${name}(filter.`));
const schema = buildSchema();

/** Paths into the arguments at which an id stands: `input.runId`. */
function listIdPaths(name: string, type: GraphQLInputType, depth = 0): string[] {
  const named = getNamedType(type);
  if (named.name === 'ID') return [name];
  if (!isInputObjectType(named) || depth > 4) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    listIdPaths(`${name}.${field.name}`, field.type, depth + 1),
  );
}

describe('ids in arguments', () => {
  it('stand in the line of access of their field, or here with a reason', () => {
    const missing = listRootFields(schema).flatMap(({ kind, name, need, field }) => {
      if (need?.kind !== 'ACT') return [];
      const known = new Set(need.subjects.map(({ at }) => at));
      return field.args
        .flatMap((arg) => listIdPaths(arg.name, arg.type))
        .filter((path) => !known.has(path))
        .map((path) => `${kind}.${name}(${path})`);
    });
    const inner = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && !(type.name in FIELD_ACCESS)
        ? Object.values(type.getFields()).flatMap((field) =>
            field.args
              .flatMap((arg) => listIdPaths(arg.name, arg.type))
              .map((path) => `${type.name}.${field.name}(${path})`),
          )
        : [],
    );
    const unlisted = [...missing, ...inner].filter((place) => !isRunFilter(place));
    expect(unlisted.sort()).toEqual(Object.keys(ELSEWHERE).sort());
  });
});

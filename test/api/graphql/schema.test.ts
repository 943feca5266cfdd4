/** The printed schema is the contract of every client: current, described throughout, with the promised names. */
import { readFileSync } from 'node:fs';
import {
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  printSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../../apps/api/src/schema.ts';
import { API_VERSION } from '../../../apps/api/src/version.ts';

const schema = buildSchema();
const read = (path: string) => readFileSync(new URL(`../../../apps/api/${path}`, import.meta.url), 'utf8');

describe('the GraphQL schema', () => {
  it('is the one that is committed', () => {
    expect(read('schema.graphql')).toContain(printSchema(schema));
  });

  it('describes every type, field, argument and word', () => {
    const silent = Object.values(schema.getTypeMap())
      .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
      .flatMap(listSilentParts);
    expect(silent).toEqual([]);
  });

  it('has the queries, mutations and subscriptions that other programs rely on', () => {
    const words = (text: string) => text.split(' ');
    const fieldsOf = (type: GraphQLNamedType | null | undefined) =>
      isObjectType(type) ? Object.keys(type.getFields()) : [];
    expect(fieldsOf(schema.getQueryType())).toEqual(
      expect.arrayContaining(
        words(
          'datasets dataset patients splits split experiments experiment runs run compareRuns models model workers architectures hyperparameterSchema',
        ),
      ),
    );
    expect(fieldsOf(schema.getMutationType())).toEqual(
      expect.arrayContaining(
        words(
          'importDataset createSplit createExperiment launchRun launchSweep cancelRun retryRun updateRun archiveRun deleteRun deleteDataset openTest createModel registerModelVersion promoteModelVersion logMetrics',
        ),
      ),
    );
    expect(fieldsOf(schema.getSubscriptionType()).sort()).toEqual([
      'championMoved',
      'datasetImport',
      'evaluationReady',
      'runEvents',
      'runsChanged',
    ]);
    expect(fieldsOf(schema.getType('Run'))).toEqual(
      expect.arrayContaining(
        words(
          'status architecture hyperparameters split seed backend device attempt metrics events evaluations artifacts tags notes createdAt startedAt finishedAt',
        ),
      ),
    );
  });

  it('pages every connection in the Relay way, with a total', () => {
    const connections = Object.values(schema.getTypeMap()).filter((type) => type.name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(5);
    for (const type of connections) {
      expect(isObjectType(type) && Object.keys(type.getFields()).sort(), type.name).toEqual([
        'edges',
        'pageInfo',
        'totalCount',
      ]);
    }
    for (const field of Object.values(schema.getQueryType()!.getFields())) {
      if (!getNamedType(field.type).name.endsWith('Connection')) continue;
      expect(field.args.map(({ name }) => name)).toEqual(expect.arrayContaining(['first', 'after']));
    }
  });

  it('tells the version of its package', () => {
    expect(API_VERSION).toBe(JSON.parse(read('package.json')).version);
  });
});

function listSilentParts(type: GraphQLNamedType): string[] {
  const parts: { name: string; description?: string | null }[] = [
    { name: type.name, description: type.description },
  ];
  if (isEnumType(type))
    parts.push(...type.getValues().map((value) => ({ ...value, name: `${type.name}.${value.name}` })));
  if (isObjectType(type) || isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      parts.push({ name: `${type.name}.${field.name}`, description: field.description });
      if (!('args' in field)) continue;
      for (const { name, description } of field.args) {
        parts.push({ name: `${type.name}.${field.name}(${name})`, description });
      }
    }
  }
  return parts.filter(({ description }) => !description).map(({ name }) => name);
}

/** The whole schema: loads every noun of schema/ into the builder, in the order in which data flows, and builds it. */
import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './schema/scalars.ts';
import './schema/enums.ts';
import './schema/dataset-import.ts';
import './schema/import-folder.ts';
import './schema/dataset.ts';
import './schema/patient.ts';
import './schema/slide.ts';
import './schema/split.ts';
import './schema/test-opening.ts';
import './schema/experiment.ts';
import './schema/sweep.ts';
import './schema/sweep-launch.ts';
import './schema/sweep-opening.ts';
import './schema/run.ts';
import './schema/run-list.ts';
import './schema/run-setting.ts';
import './schema/run-changes.ts';
import './schema/run-event.ts';
import './schema/run-artifact.ts';
import './schema/run-table.ts';
import './schema/metric.ts';
import './schema/evaluation.ts';
import './schema/comparison.ts';
import './schema/model.ts';
import './schema/promotion.ts';
import './schema/model-card.ts';
import './schema/promotion-policy.ts';
import './schema/worker.ts';
import './schema/architecture.ts';
import './schema/hyperparameters.ts';
import './schema/server-info.ts';

/** Builds the executable schema, sorted by name (Pothos does that), so that its printed form is stable. */
export function buildSchema(): GraphQLSchema {
  return builder.toSchema({});
}

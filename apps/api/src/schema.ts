/** The whole schema: loads every noun of schema/ into the builder, in the order in which data flows, and builds it. */
import type { GraphQLSchema } from 'graphql';
import { builder } from './graphql/builder.ts';
import { heedStops } from './graphql/stop-execution.ts';
import './schema/scalars.ts';
import './schema/enums.ts';
import './schema/deletion.ts';
import './schema/dataset/dataset-import.ts';
import './schema/dataset/import-folder.ts';
import './schema/dataset/import-preview.ts';
import './schema/dataset/dataset.ts';
import './schema/dataset/pixel-change.ts';
import './schema/dataset/patient.ts';
import './schema/dataset/slide.ts';
import './schema/task/dataset-class.ts';
import './schema/task/task.ts';
import './schema/split/split.ts';
import './schema/split/list-audit.ts';
import './schema/split/imported-split.ts';
import './schema/split/split-certificate.ts';
import './schema/evaluation/test-opening.ts';
import './schema/experiment/experiment.ts';
import './schema/sweep/sweep.ts';
import './schema/sweep/sweep-launch.ts';
import './schema/sweep/sweep-opening.ts';
import './schema/run/run.ts';
import './schema/run/run-list.ts';
import './schema/run/run-setting.ts';
import './schema/run/run-wait.ts';
import './schema/run/run-changes.ts';
import './schema/run/run-event.ts';
import './schema/run/run-artifact.ts';
import './schema/run/run-table.ts';
import './schema/run/metric.ts';
import './schema/evaluation/metric-catalogue.ts';
import './schema/evaluation/evaluation.ts';
import './schema/comparison/comparison.ts';
import './schema/model/model.ts';
import './schema/external-evaluation/external-evaluation.ts';
import './schema/external-evaluation/external-comparison.ts';
import './schema/external-evaluation/exam.ts';
import './schema/model/promotion.ts';
import './schema/model/model-card.ts';
import './schema/model/promotion-policy.ts';
import './schema/announcement/announcement.ts';
import './schema/announcement/announcement-subscriptions.ts';
import './schema/announcement/receiver.ts';
import './schema/announcement/receiver-changes.ts';
import './schema/run/worker.ts';
import './schema/run/backend.ts';
import './schema/run/architecture.ts';
import './schema/run/hyperparameters.ts';
import './schema/server-info.ts';

/** Builds the executable schema, sorted by name (Pothos does that), so that its printed form is stable. */
export function buildSchema(): GraphQLSchema {
  return heedStops(builder.toSchema({}));
}

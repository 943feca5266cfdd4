/** Every call of MLflow's protocol that is answered here with JSON, by noun. */
import { FILE_ROUTES } from './artifact-routes.ts';
import { DATASET_ROUTES } from './dataset-routes.ts';
import { EXPERIMENT_ROUTES } from './experiment-routes.ts';
import { LOGGED_MODEL_ROUTES } from './logged-model-routes.ts';
import { METRIC_ROUTES } from './metric-routes.ts';
import type { MlflowRoute } from './mlflow-route.ts';
import { MODEL_VERSION_ROUTES } from './model-version-routes.ts';
import { REGISTERED_MODEL_ROUTES } from './registered-model-routes.ts';
import { RUN_ROUTES } from './run-routes.ts';

/** Below the address of the server. Clients and pages write it in several ways, which are one here. */
export const CALLS_ROOT = '/api/2.0/mlflow';

export const MLFLOW_CALLS: readonly MlflowRoute[] = [
  ...RUN_ROUTES,
  ...EXPERIMENT_ROUTES,
  ...METRIC_ROUTES,
  ...DATASET_ROUTES,
  ...FILE_ROUTES,
  ...REGISTERED_MODEL_ROUTES,
  ...MODEL_VERSION_ROUTES,
  ...LOGGED_MODEL_ROUTES,
];

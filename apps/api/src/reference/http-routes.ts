/** Every route of the API, as the files that serve them describe them. A route that is missing here is found by a test. */
import { ARTIFACT_ROUTES } from '../http/artifact-routes.ts';
import { AUDIT_ROUTES } from '../http/audit-routes.ts';
import { COMPARISON_ROUTES } from '../http/comparison-routes.ts';
import { EXAM_CONTEXT_ROUTES, RUN_CONTEXT_ROUTES } from '../http/context/context-routes.ts';
import { EXTERNAL_EVALUATION_ROUTES } from '../http/external-evaluation-routes.ts';
import { METRIC_ROUTES } from '../http/external-run/metric-routes.ts';
import { RUN_FILE_ROUTES } from '../http/external-run/run-file-routes.ts';
import { TRAINING_DATA_ROUTES } from '../http/external-run/training-data-routes.ts';
import { UPLOADED_PREDICTION_ROUTES } from '../http/external-run/uploaded-prediction-routes.ts';
import { GRAPHIQL_ROUTES } from '../http/graphiql.ts';
import { GRAPHQL_ROUTES } from '../http/graphql-http.ts';
import { HEALTH_ROUTES } from '../http/health.ts';
import { MODEL_CARD_ROUTES } from '../http/model-card-routes.ts';
import { MODEL_ROUTES } from '../http/model-routes.ts';
import { OUT_OF_FOLD_ROUTES } from '../http/out-of-fold-routes.ts';
import { PICTURE_ROUTES } from '../http/picture-routes.ts';
import { PREDICTION_ROUTES } from '../http/prediction-routes.ts';
import { METRICS_ROUTES } from '../http/prometheus.ts';
import type { RouteDescription } from '../http/route-description.ts';
import { RUN_TABLE_ROUTES } from '../http/run-table-routes.ts';
import { SIGN_IN_ROUTES } from '../http/sign-in-routes.ts';
import { SLIDE_ANALYSIS_ROUTES } from '../http/slide-analysis/slide-analysis-routes.ts';
import { SPLIT_ROUTES } from '../http/split-routes.ts';
import { UPLOAD_ROUTES } from '../http/upload/upload-routes.ts';
import { MLFLOW_DESCRIPTIONS } from '../mlflow/mlflow-descriptions.ts';

/** In the order of docs/http.md. */
export const ROUTE_GROUPS: readonly { title: string; routes: readonly RouteDescription[] }[] = [
  { title: 'GraphQL', routes: [...GRAPHQL_ROUTES, ...GRAPHIQL_ROUTES] },
  { title: 'Signing in', routes: SIGN_IN_ROUTES },
  { title: 'Audit log', routes: AUDIT_ROUTES },
  {
    title: 'Runs',
    routes: [...RUN_TABLE_ROUTES, ...PREDICTION_ROUTES, ...RUN_CONTEXT_ROUTES, ...MODEL_ROUTES],
  },
  {
    title: 'External runs',
    routes: [...METRIC_ROUTES, ...RUN_FILE_ROUTES, ...TRAINING_DATA_ROUTES, ...UPLOADED_PREDICTION_ROUTES],
  },
  { title: 'MLflow', routes: MLFLOW_DESCRIPTIONS },
  { title: 'Cross-validations', routes: OUT_OF_FOLD_ROUTES },
  { title: 'External evaluations', routes: [...EXTERNAL_EVALUATION_ROUTES, ...EXAM_CONTEXT_ROUTES] },
  { title: 'Slide analyses', routes: SLIDE_ANALYSIS_ROUTES },
  { title: 'Comparison', routes: COMPARISON_ROUTES },
  { title: 'Splits', routes: SPLIT_ROUTES },
  { title: 'Uploads', routes: UPLOAD_ROUTES },
  { title: 'Models', routes: MODEL_CARD_ROUTES },
  { title: 'Pictures', routes: PICTURE_ROUTES },
  { title: 'Files', routes: ARTIFACT_ROUTES },
  { title: 'Operation', routes: [...HEALTH_ROUTES, ...METRICS_ROUTES] },
];

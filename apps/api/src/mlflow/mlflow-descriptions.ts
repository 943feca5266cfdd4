/** MLflow's protocol as docs/http.md lists it. What each call takes and gives is MLflow's own documentation. */
import type { RouteDescription } from '../http/route-description.ts';
import { CALLS_ROOT, MLFLOW_CALLS } from './mlflow-calls.ts';

const JSON_TYPE = 'application/json';
const FILE_TYPE = 'the file, with its media type';
const STORE = '/mlflow/api/2.0/mlflow-artifacts/artifacts';
const READS = 'the path below the run or model';

const files: readonly RouteDescription[] = [
  {
    method: 'GET',
    path: STORE,
    about: 'What lies in a folder of a run or of a logged model.',
    query: { path: '`EXPERIMENT/RUN/artifacts/…` or `EXPERIMENT/models/MODEL/artifacts/…`' },
    gives: JSON_TYPE,
  },
  { method: 'GET', path: `${STORE}/*path`, about: 'A file of a run or of a logged model.', gives: FILE_TYPE },
  {
    method: 'PUT',
    path: `${STORE}/*path`,
    about: 'Keeps a file with a run or a logged model, in place of what was there.',
    takes: 'the file, streamed',
    gives: JSON_TYPE,
  },
  {
    method: 'DELETE',
    path: `${STORE}/*path`,
    about: 'Deletes a file, or a folder with all that is in it.',
    gives: JSON_TYPE,
  },
  {
    method: 'GET',
    path: '/mlflow/get-artifact',
    about: 'A file of a run.',
    query: { run_id: 'the run, also as `run_uuid`', path: READS },
    gives: FILE_TYPE,
  },
  {
    method: 'GET',
    path: '/mlflow/model-versions/get-artifact',
    about: 'A file of a registered version, where its files are kept here.',
    query: { name: 'the registered model', version: 'its number', path: READS },
    gives: FILE_TYPE,
  },
  {
    method: 'GET',
    path: `/mlflow${CALLS_ROOT}/logged-models/:model_id/artifacts/files`,
    about: 'A file of a logged model.',
    query: { artifact_file_path: READS },
    gives: FILE_TYPE,
  },
  {
    method: 'POST',
    path: `/mlflow${CALLS_ROOT}/upload-artifact`,
    about: 'Keeps a file of at most 10 MiB with a run.',
    query: { run_uuid: 'the run', path: READS },
    takes: 'the file',
    gives: JSON_TYPE,
  },
];

const server: readonly RouteDescription[] = [
  {
    method: 'GET',
    path: `/mlflow${CALLS_ROOT}/server-info`,
    about: 'What clients ask of a server before they use it.',
    gives: JSON_TYPE,
  },
  {
    method: 'GET',
    path: '/mlflow/version',
    about: 'The release of MLflow whose protocol this is.',
    gives: 'text/plain',
  },
  { method: 'GET', path: '/mlflow/health', about: 'That the server answers.', gives: 'text/plain' },
];

export const MLFLOW_DESCRIPTIONS: readonly RouteDescription[] = [
  ...MLFLOW_CALLS.flatMap(({ methods, path, writes }) =>
    methods.map((method) => ({
      method,
      path: `/mlflow${CALLS_ROOT}${path}`,
      about: `MLflow's call \`${path.slice(1)}\`, which ${writes ? 'changes what is kept' : 'reads'}.`,
      gives: JSON_TYPE,
    })),
  ),
  ...files,
  ...server,
];

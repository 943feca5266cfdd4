/** Lists of files in the shape in which MLflow clients read them, and the folders that they ask for. */
import { checkArtifactPath } from '@microtome/store/mlflow/artifact-places';
import type { KeptEntry } from '@microtome/store/mlflow/mlflow-files';

export function describeFiles(files: readonly KeptEntry[]): object[] {
  return files.map(({ path, isFolder, bytes }) => ({
    path,
    is_dir: isFolder,
    ...(bytes === null ? {} : { file_size: Number(bytes) }),
  }));
}

/** The empty text is all of it; clients write `.` for it too. BAD_INPUT for a path that leads elsewhere. */
export function readFolder(path: string): string {
  return /^\.?\/*$/.test(path) ? '' : checkArtifactPath(path);
}

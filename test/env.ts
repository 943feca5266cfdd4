/** The environment of the tests: the server to use instead of an embedded one, if any, and the Vulkan driver. */

/** Undefined: tests start a Postgres of their own. Its user must be allowed to create databases. */
export function readDatabaseUrl(source: NodeJS.ProcessEnv = process.env): string | undefined {
  return source.DATABASE_URL || undefined;
}

/** Makes the Vulkan loader look at one driver; in effect for drivers that are opened afterwards. */
export function setVulkanDriver(icdFile: string, target: NodeJS.ProcessEnv = process.env): void {
  target.VK_ICD_FILENAMES = icdFile;
}

/** A Python that has openslide-python and openslide-bin, to compare slides with; undefined: they are not compared. */
export function readOpenSlidePython(source: NodeJS.ProcessEnv = process.env): string | undefined {
  return source.MICROTOME_OPENSLIDE_PYTHON || undefined;
}

/** What a process that a test starts inherits: everything but the database, so that it starts one of its own. */
export function readInheritedEnv(source: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...inherited } = source;
  return inherited;
}

/** How many inputs a fuzzing test draws, and from which seed: few of a fixed one unless more or others are asked for. */
export function readFuzzing(source: NodeJS.ProcessEnv = process.env): { runs: number; seed: number } {
  return { runs: Number(source.MICROTOME_FUZZ_RUNS ?? 300), seed: Number(source.MICROTOME_FUZZ_SEED ?? 1) };
}

/** For the tests that are started afterwards. */
export function setFuzzing(
  { runs, seed }: { runs: number; seed: number },
  target: NodeJS.ProcessEnv = process.env,
): void {
  target.MICROTOME_FUZZ_RUNS = String(runs);
  target.MICROTOME_FUZZ_SEED = String(seed);
}

/** Where a Python with mlflow is, and MLflow's own tests; whether the page that tells of them is written. */
export function readMlflow(source: NodeJS.ProcessEnv = process.env): {
  python: string | undefined;
  testsFolder: string | undefined;
  writesTable: boolean;
} {
  return {
    python: source.MLFLOW_PYTHON || undefined,
    testsFolder: source.MLFLOW_TESTS || undefined,
    writesTable: source.MLFLOW_TABLE === '1',
  };
}

/** A Python with torch, keras, onnx and onnxscript, by which the examples of the Python client are run; undefined: they are not. */
export function readTrainingPython(source: NodeJS.ProcessEnv = process.env): string | undefined {
  return source.MICROTOME_TRAINING_PYTHON || undefined;
}

/** Every Node process that is started afterwards loads that module first. */
export function preloadModule(url: string, target: NodeJS.ProcessEnv = process.env): void {
  target.NODE_OPTIONS = [target.NODE_OPTIONS, `--import=${url}`].filter(Boolean).join(' ');
}

/** What a process inherits that is given an environment of its own: how Node loads modules. */
export function readNodeOptions({ NODE_OPTIONS }: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return NODE_OPTIONS ? { NODE_OPTIONS } : {};
}

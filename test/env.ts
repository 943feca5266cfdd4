/** The environment of the tests: the server to use instead of an embedded one, if any, and the Vulkan driver. */

/** Undefined: tests start a Postgres of their own. Its user must be allowed to create databases. */
export function readDatabaseUrl(source: NodeJS.ProcessEnv = process.env): string | undefined {
  return source.DATABASE_URL || undefined;
}

/** Makes the Vulkan loader look at one driver; in effect for drivers that are opened afterwards. */
export function setVulkanDriver(icdFile: string, target: NodeJS.ProcessEnv = process.env): void {
  target.VK_ICD_FILENAMES = icdFile;
}

/** What a process that a test starts inherits: everything but the database, so that it starts one of its own. */
export function readInheritedEnv(source: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...inherited } = source;
  return inherited;
}

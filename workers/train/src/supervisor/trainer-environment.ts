/**
 * The environment in which a trainer's process runs. A step walks over hundreds of megabytes, and in pages of 4 KB the
 * processor spends a twentieth to a tenth of it looking addresses up. Linux gives pages of 2 MB to memory that asks for
 * them; glibc asks where this setting says so, which it reads once, when a process starts. Elsewhere nobody reads it.
 */
const TUNABLES = 'GLIBC_TUNABLES';
const LARGE_PAGES = 'glibc.malloc.hugetlb';

/** What the user has set is kept, the same setting too. */
export function describeTrainerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const given = env[TUNABLES]?.split(':').filter(Boolean) ?? [];
  if (given.some((setting) => setting.startsWith(`${LARGE_PAGES}=`))) return env;
  return { ...env, [TUNABLES]: [...given, `${LARGE_PAGES}=1`].join(':') };
}

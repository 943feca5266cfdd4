/** The environment of `npm run native:build`, read here alone. */
type NativeBuildEnv = {
  /** npm's own node-gyp; npm names it to the scripts that it runs. */
  nodeGyp: string | undefined;
  inherited: NodeJS.ProcessEnv;
};

export function readNativeBuildEnv(): NativeBuildEnv {
  return { nodeGyp: process.env.npm_config_node_gyp, inherited: process.env };
}

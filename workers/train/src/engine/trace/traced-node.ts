/** A recorded operation and its values: what a trace leaves behind, and what the graphs' translators read. */

export type TracedType = 'float32' | 'int32' | 'bool';
export type TracedOutput = { shape: readonly number[]; dtype: TracedType };

/** One recorded operation. `Input` (attribute `name`) and `Constant` (attribute `values`) have no inputs. */
export type TracedNode = {
  op: string;
  inputs: readonly TracedValue[];
  attributes: Readonly<Record<string, unknown>>;
  outputs: readonly TracedOutput[];
};

export type TracedValue = { node: TracedNode; output: number };

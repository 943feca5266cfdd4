/**
 * How many channels ONNX Runtime's blocked layout takes together on this machine: the width of its vectors,
 * 8 or 16 on x86. It is asked of the runtime itself, because it depends on the CPU.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { BLOCKED_DOMAIN, OnnxGraph } from './onnx-graph.ts';
import { sessionOptions } from './session-options.ts';

const CHANNELS = 64;
const PIXELS = 2;

/** 1 where the runtime has no blocked layout. */
export async function probeChannelBlock(): Promise<number> {
  const graph = new OnnxGraph();
  const shape = [1, CHANNELS, 1, PIXELS];
  const reordered = graph.add(
    'ReorderInput',
    [graph.addInput('x', shape)],
    { channels_last: 0 },
    { domain: BLOCKED_DOMAIN },
  );
  graph.addOutput('y', reordered, shape);
  const session = await openSession(graph);
  if (!session) return 1;
  // The value of channel 0, pixel 1 comes after channels 0 .. b - 1 of pixel 0.
  const values = Float32Array.from({ length: CHANNELS * PIXELS }, (_, index) => index);
  const results = await session.run({ x: new Tensor('float32', values, shape) });
  await session.release();
  const { data } = results.y as Tensor;
  const block = (data as Float32Array).indexOf(1);
  return block > 1 && CHANNELS % block === 0 ? block : 1;
}

/** null where the runtime does not know the operation. */
async function openSession(graph: OnnxGraph): Promise<InferenceSession | null> {
  try {
    return await InferenceSession.create(graph.encode(), { ...sessionOptions(1), logSeverityLevel: 4 });
  } catch {
    return null;
  }
}

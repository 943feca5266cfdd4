/**
 * Poolings whose windows overlap or are padded, on blocked channels, one axis after the other: rows first, then
 * columns. Along an axis a window is a few taps, each as large as the output; what the taps hand back is added up by
 * the rest of their position after division by the stride, and the rests are put between one another.
 */
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import { convolveBlocks } from './blocked-convolution.ts';
import { convolveSpread } from './blocked-depthwise.ts';
import { range } from './filter-gradient.ts';
import { BLOCKED_DOMAIN } from './onnx-graph.ts';
import { type Stored, storeAs, type Translation } from './translation.ts';

/** So steep a hard sigmoid is a step: 1 at 0, 0 above the smallest difference of two float32. */
const STEP_SLOPE = -3e38;
/** Added to the maximum where a tap lies outside of the image, so that it is not taken for it. */
const OUTSIDE = 1e30;

/** A window along one axis of a blocked value, which lies as [outer, length, inner] with that axis in the middle. */
type AxisWindow = {
  isRows: boolean;
  size: number;
  stride: number;
  padBefore: number;
  padAfter: number;
  inLength: number;
  outLength: number;
  outer: number;
  inner: number;
  channels: number;
  /** Of what comes of it, as [n, c, h, w]. */
  outShape: readonly number[];
};

/** What the forward pass leaves for the gradient: the maxima of the rows alone. */
type RowMaxima = { rows: string };

export function addOverlappingMaxPool(translation: Translation, node: TracedNode, info: WindowInfo): Stored {
  const { rows, columns } = splitAxes(translation, info);
  const rowMaxima = poolAxis(translation, translation.blocked(translation.input(node, 0)), rows);
  translation.setNote(node, { rows: rowMaxima } satisfies RowMaxima);
  return storeAs(node, poolAxis(translation, rowMaxima, columns), 'blocked');
}

/** Of equal maxima the first takes dy: the uppermost of a column, then the leftmost of a row. */
export function addOverlappingMaxPoolGradient(
  translation: Translation,
  node: TracedNode,
  { info, note }: { info: WindowInfo; note: unknown },
): Stored {
  const [gradient, input, pooled] = [0, 1, 2].map((index) => translation.input(node, index)) as [
    Stored,
    Stored,
    Stored,
  ];
  const { rows, columns } = splitAxes(translation, info);
  const rowMaxima = (note as RowMaxima).rows;
  const byColumns = sendToMaxima(translation, columns, {
    x: rowMaxima,
    y: translation.blocked(pooled),
    dy: translation.blocked(gradient),
  });
  const name = sendToMaxima(translation, rows, {
    x: translation.blocked(input),
    y: rowMaxima,
    dy: byColumns,
  });
  const { batchSize, inChannels, inHeight, inWidth } = info;
  const shaped = translation.reshape(name, [batchSize, inChannels, inHeight, inWidth]);
  return { ...storeAs(node, shaped, 'blocked'), unpooled: gradient };
}

/** Each pixel gets its share of every window that covers it. */
export function addOverlappingAveragePoolGradient(
  translation: Translation,
  node: TracedNode,
  info: WindowInfo,
): Stored {
  const { filterHeight, filterWidth, inChannels } = info;
  const taps = filterHeight * filterWidth;
  const shares = new Float32Array(inChannels * taps).fill(1 / taps);
  const name = convolveSpread(translation, {
    dy: translation.blocked(translation.input(node, 0)),
    filter: translation.graph.floats(shares, [inChannels, 1, filterHeight, filterWidth]),
    info,
  });
  return storeAs(node, name, 'blocked');
}

/** Rows are pooled over the whole width, columns over the rows that this leaves. */
function splitAxes(translation: Translation, info: WindowInfo): { rows: AxisWindow; columns: AxisWindow } {
  const { padInfo, batchSize, inChannels, outHeight, inWidth } = info;
  const b = translation.channelBlock;
  const planes = (batchSize * inChannels) / b;
  return {
    rows: {
      isRows: true,
      size: info.filterHeight,
      stride: info.strideHeight,
      padBefore: padInfo.top,
      padAfter: padInfo.bottom,
      inLength: info.inHeight,
      outLength: outHeight,
      outer: planes,
      inner: inWidth * b,
      channels: inChannels,
      outShape: [batchSize, inChannels, outHeight, inWidth],
    },
    columns: {
      isRows: false,
      size: info.filterWidth,
      stride: info.strideWidth,
      padBefore: padInfo.left,
      padAfter: padInfo.right,
      inLength: inWidth,
      outLength: info.outWidth,
      outer: planes * outHeight,
      inner: b,
      channels: inChannels,
      outShape: [batchSize, inChannels, outHeight, info.outWidth],
    },
  };
}

/** The window's attributes on the axis; the other axis is left as it is. */
function axisAttributes({ isRows, size, stride, padBefore, padAfter }: AxisWindow) {
  return {
    kernel_shape: isRows ? [size, 1] : [1, size],
    strides: isRows ? [stride, 1] : [1, stride],
    pads: isRows ? [padBefore, 0, padAfter, 0] : [0, padBefore, 0, padAfter],
  };
}

function poolAxis(translation: Translation, x: string, axis: AxisWindow): string {
  return translation.graph.add('MaxPool', [x], axisAttributes(axis), { domain: BLOCKED_DOMAIN });
}

/**
 * dy to the place in x of the first maximum y of each window along the axis; as [outer, length, inner]. Every tap in turn
 * takes what is left where it is the maximum; the last one has whatever the others did not take.
 */
function sendToMaxima(
  translation: Translation,
  axis: AxisWindow,
  { x, y, dy }: { x: string; y: string; dy: string },
): string {
  const { graph } = translation;
  const flat = [axis.outer, axis.outLength, axis.inner];
  let rest = translation.reshape(dy, flat);
  const taken = range(axis.size - 1).map((tap) => {
    const mark = translation.reshape(markMaximum(translation, axis, { x, y, tap }), flat);
    const share = graph.add('Mul', [mark, rest]);
    rest = graph.add('Sub', [rest, share]);
    return share;
  });
  return addUpTaps(translation, axis, [...taken, rest]);
}

/** 1 where this tap of the window is its maximum, else 0: the maximum minus the tap by a convolution that adds, then a step. */
function markMaximum(
  translation: Translation,
  axis: AxisWindow,
  { x, y, tap }: { x: string; y: string; tap: number },
): string {
  const { size, channels } = axis;
  const b = translation.channelBlock;
  const filter = Float32Array.from({ length: channels * size }, (_, at) =>
    Math.floor(at / b) % size === tap ? -1 : 0,
  );
  const attributes = axisAttributes(axis);
  return convolveBlocks(translation, {
    x,
    filter: translation.graph.floats(filter, [channels, 1, ...attributes.kernel_shape]),
    sum: raiseOutside(translation, axis, { name: y, tap }),
    attributes: {
      ...attributes,
      group: channels,
      activation: 'HardSigmoid',
      activation_params: { floats: [STEP_SLOPE, 1] },
    },
  });
}

/** The convolution takes pixels outside of the image as 0, which may be the maximum or more. */
function raiseOutside(
  translation: Translation,
  axis: AxisWindow,
  { name, tap }: { name: string; tap: number },
): string {
  const { stride, padBefore, inLength, outLength, inner, outer, isRows, outShape } = axis;
  const outside = range(outLength).map((at) => {
    const position = at * stride + tap - padBefore;
    return position < 0 || position >= inLength;
  });
  if (!outside.includes(true)) return name;
  const { graph } = translation;
  const width = isRows ? 1 : inner;
  const raised = outside.flatMap((isOutside) => Array<number>(width).fill(isOutside ? OUTSIDE : 0));
  const sum = graph.add('Add', [
    translation.reshape(name, [outer, outLength, inner]),
    graph.floats(raised, [outLength, width]),
  ]);
  return translation.reshape(sum, outShape);
}

/** Adds up what each tap of the windows hands back, as large as the output; gives [outer, inLength, inner]. */
function addUpTaps(translation: Translation, axis: AxisWindow, taps: readonly string[]): string {
  const { graph } = translation;
  const { stride, padBefore, inLength, outLength, outer, inner } = axis;
  const steps = Math.ceil(inLength / stride);
  const rests = range(stride).map((rest) => {
    const moved = taps.flatMap((name, tap) => {
      const position = tap - padBefore;
      if (((position % stride) + stride) % stride !== rest) return [];
      const before = Math.floor(position / stride);
      const steppedOut = translation.reshape(name, [outer, outLength, inner]);
      return [padMiddle(translation, steppedOut, [before, steps - outLength - before])];
    });
    const sum =
      moved.length === 0
        ? translation.expand(graph.scalar(0), [outer, steps, inner])
        : moved.reduce((total, name) => graph.add('Add', [total, name]));
    return translation.reshape(sum, [outer, steps, 1, inner]);
  });
  const interleaved = stride === 1 ? (rests[0] as string) : graph.add('Concat', rests, { axis: 2 });
  const whole = translation.reshape(interleaved, [outer, steps * stride, inner]);
  const surplus = steps * stride - inLength;
  return padMiddle(translation, whole, [0, -surplus]);
}

/** Adds zeros to the middle one of three axes, or crops where a pad is negative. */
function padMiddle(translation: Translation, name: string, [before, after]: [number, number]): string {
  if (before === 0 && after === 0) return name;
  const { graph } = translation;
  return graph.add('Pad', [name, graph.integers([0, before, 0, 0, after, 0]), graph.scalar(0)]);
}

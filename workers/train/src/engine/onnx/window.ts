/** A sliding window in ONNX: its attributes, and the image around which it goes, padded or cropped. */
import type { WindowInfo } from '../trace/traced-windows.ts';
import type { OnnxAttribute } from './onnx-graph.ts';
import type { Translation } from './translation.ts';

export function isUnitStride(info: WindowInfo): boolean {
  return (
    info.strideHeight === 1 && info.strideWidth === 1 && info.dilationHeight === 1 && info.dilationWidth === 1
  );
}

export function hasNoDilation(info: WindowInfo): boolean {
  return info.dilationHeight === 1 && info.dilationWidth === 1;
}

/** ONNX's attributes of a window: [top, left, bottom, right]. */
export function windowAttributes(info: WindowInfo): Record<string, OnnxAttribute> {
  const { top, left, bottom, right } = info.padInfo;
  return {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
  };
}

/** Adds zeros around the images, or crops where a pad is negative: [top, left, bottom, right]. */
export function padImage(
  translation: Translation,
  name: string,
  pads: readonly [number, number, number, number],
): string {
  if (pads.every((pad) => pad === 0)) return name;
  const [top, left, bottom, right] = pads;
  const { graph } = translation;
  return graph.add('Pad', [name, graph.integers([0, 0, top, left, 0, 0, bottom, right]), graph.scalar(0)]);
}

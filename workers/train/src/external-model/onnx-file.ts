/**
 * What is looked at in a stranger's ONNX file before a runtime gets it: that it is one, whole, and keeps all of its weights
 * itself. A file may name others on this machine as its weights; nothing of that kind is ever opened. The bytes are walked
 * field by field, without copies, so that no file can make the look expensive.
 */
import { AppError } from '@microtome/domain/app-error';

type Message =
  | 'model'
  | 'graph'
  | 'node'
  | 'attribute'
  | 'tensor'
  | 'sparse'
  | 'function'
  | 'training'
  | 'entry';

/** Fields that hold messages in which a tensor may lie, by their numbers in onnx.proto3. */
const INSIDE: Record<Message, Record<number, Message>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  tensor: { 13: 'entry' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 11: 'attribute' },
  training: { 1: 'graph', 2: 'graph' },
  entry: {},
};
const IR_VERSION = 1;
const GRAPH = 7;
const DATA_LOCATION = 14;
const EXTERNAL = 1;
const DEPTH_MAX = 100;

type Span = { message: Message; at: number; end: number; depth: number };
type Found = { hasVersion: boolean; hasGraph: boolean };

/** BAD_INPUT for bytes that are no ONNX model in one file. */
export function checkOnnxFile(bytes: Uint8Array): void {
  const found: Found = { hasVersion: false, hasGraph: false };
  const spans: Span[] = [{ message: 'model', at: 0, end: bytes.length, depth: 0 }];
  for (let span = spans.pop(); span; span = spans.pop()) walk(bytes, { span, spans, found });
  if (!found.hasVersion || !found.hasGraph) throw refuseFile(bytes);
}

function walk(bytes: Uint8Array, { span, spans, found }: { span: Span; spans: Span[]; found: Found }): void {
  const { message, end, depth } = span;
  for (let at = span.at; at < end; ) {
    const tag = readVarint(bytes, at, end);
    const [field, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    at = tag.next;
    if (wire === 0) {
      const { value, next } = readVarint(bytes, at, end);
      at = next;
      if (message === 'model' && field === IR_VERSION) found.hasVersion = true;
      if (message === 'tensor' && field === DATA_LOCATION && value === EXTERNAL) throw refuseExternal();
    } else if (wire === 2) {
      const { value: length, next } = readVarint(bytes, at, end);
      at = next + length;
      if (at > end) throw refuseFile(bytes);
      const inside = INSIDE[message][field];
      if (message === 'model' && field === GRAPH) found.hasGraph = true;
      if (inside === 'entry') throw refuseExternal();
      if (inside && depth >= DEPTH_MAX) throw refuseFile(bytes);
      if (inside) spans.push({ message: inside, at: next, end: at, depth: depth + 1 });
    } else if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4;
      if (at > end) throw refuseFile(bytes);
    } else {
      throw refuseFile(bytes);
    }
  }
}

/** Exact up to 2^53, beyond which no length or version of a file lies. */
function readVarint(bytes: Uint8Array, start: number, end: number): { value: number; next: number } {
  let value = 0;
  for (let at = start; at < end && at < start + 10; at++) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return { value, next: at + 1 };
  }
  throw refuseFile(bytes);
}

function refuseFile(bytes: Uint8Array): AppError {
  return new AppError('BAD_INPUT', `These ${bytes.length} bytes are no whole ONNX model.`);
}

function refuseExternal(): AppError {
  return new AppError(
    'BAD_INPUT',
    'The ONNX model keeps weights in another file: export it as one file (external_data=False), and upload that.',
  );
}

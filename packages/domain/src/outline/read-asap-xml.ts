/**
 * Outlines of ASAP, as CAMELYON has them: each annotation is a polygon whose class is its group. Points come in the order
 * that they name, not in that of the file.
 */

import { AppError } from '../app-error.ts';
import { walkXml } from '../xml/walk-xml.ts';
import { findRingFault, type Point, type ReadOutlines } from './outline.ts';

const AREAS = new Set(['Polygon', 'Rectangle']);
const WITHOUT_AREA = new Set(['Dot', 'PointSet', 'None']);
/** ASAP's word for no group. */
const NO_GROUP = 'None';

type Annotation = {
  name: string;
  type: string;
  group: string | null;
  points: { order: number; at: Point }[];
};

/** Throws BAD_INPUT with one sentence that begins with `what`, a name of the text. */
export function readAsapXml(text: string, what: string): ReadOutlines {
  const read: ReadOutlines = { outlines: [], refused: [] };
  let root = '';
  let current: Annotation | null = null;
  walkXml(text, what, {
    open({ name, attributes }, depth) {
      if (depth === 1) root = name;
      if (name === 'Annotation') current = startAnnotation(attributes, read);
      if (name === 'Coordinate') current?.points.push(readPoint(attributes, current.points.length));
    },
    close(name) {
      if (name === 'Annotation' && current) takeAnnotation(current, read);
      if (name === 'Annotation') current = null;
    },
  });
  if (root !== 'ASAP_Annotations')
    throw new AppError('BAD_INPUT', `${what} holds <${root}>, not the annotations of ASAP.`);
  return read;
}

function startAnnotation(
  attributes: Record<string, string>,
  { outlines, refused }: ReadOutlines,
): Annotation {
  const { Name, Type = 'Polygon', PartOfGroup } = attributes;
  return {
    name: Name || `annotation ${outlines.length + refused.length + 1}`,
    type: Type,
    group: !PartOfGroup || PartOfGroup === NO_GROUP ? null : PartOfGroup,
    points: [],
  };
}

function readPoint({ Order, X, Y }: Record<string, string>, index: number): Annotation['points'][number] {
  return { order: Order === undefined ? index : Number(Order), at: [readNumber(X), readNumber(Y)] };
}

function readNumber(written: string | undefined): number {
  return written?.trim() ? Number(written) : Number.NaN;
}

function takeAnnotation(
  { name, type, group, points }: Annotation,
  { outlines, refused }: ReadOutlines,
): void {
  const ring = points.sort((a, b) => a.order - b.order).map(({ at }) => at);
  const reason = findTypeFault(type) ?? findRingFault(ring);
  if (reason) refused.push({ name, reason });
  else outlines.push({ name, className: group, polygons: [[ring]] });
}

function findTypeFault(type: string): string | null {
  if (AREAS.has(type)) return null;
  if (WITHOUT_AREA.has(type)) return `is of the type ${type}, which has no area`;
  return `is of the type ${type}, whose curve between its points only ASAP knows; save it as a polygon`;
}

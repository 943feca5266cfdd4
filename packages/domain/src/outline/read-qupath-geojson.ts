/**
 * Outlines of QuPath's GeoJSON: a collection, a feature, or a list of features, as its versions write it. The class is in
 * `classification`, or, where there is none, in the name alone. Heights are dropped: a slide is flat.
 */
import { AppError } from '../app-error.ts';
import { findRingFault, type Point, type Polygon, type ReadOutlines } from './outline.ts';

const COLLECTIONS_MAX_DEPTH = 8;

/** Throws BAD_INPUT with one sentence that begins with `what`, a name of the text. */
export function readQupathGeoJson(text: string, what: string): ReadOutlines {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('BAD_INPUT', `${what} is no JSON (${reason}).`, { cause: error });
  }
  const read: ReadOutlines = { outlines: [], refused: [] };
  for (const feature of listFeatures(document, what)) takeFeature(feature, read);
  return read;
}

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listFeatures(document: unknown, what: string, depth = 0): Json[] {
  if (depth > COLLECTIONS_MAX_DEPTH)
    throw new AppError('BAD_INPUT', `${what} nests more than ${COLLECTIONS_MAX_DEPTH} collections.`);
  if (Array.isArray(document)) return document.flatMap((one) => listFeatures(one, what, depth + 1));
  if (isObject(document) && document.type === 'Feature') return [document];
  if (isObject(document) && document.type === 'FeatureCollection' && Array.isArray(document.features))
    return document.features.flatMap((one) => listFeatures(one, what, depth + 1));
  const found = isObject(document)
    ? `the type ${JSON.stringify(document.type) ?? 'none'}`
    : JSON.stringify(document);
  throw new AppError('BAD_INPUT', `${what} holds ${found?.slice(0, 80)}, not GeoJSON features.`);
}

function takeFeature(feature: Json, { outlines, refused }: ReadOutlines): void {
  const properties = isObject(feature.properties) ? feature.properties : {};
  const name = nameFeature(feature, properties, outlines.length + refused.length + 1);
  const polygons: Polygon[] = [];
  const reason = collectPolygons(feature.geometry, polygons, 0);
  if (reason) refused.push({ name, reason });
  else outlines.push({ name, className: readClass(properties), polygons });
}

function nameFeature(feature: Json, properties: Json, number: number): string {
  const named = [properties.name, feature.id].find((one) => typeof one === 'string' && one.trim());
  return typeof named === 'string' ? named : `outline ${number}`;
}

function readClass({ classification, name }: Json): string | null {
  const told = isObject(classification)
    ? (classification.name ?? (Array.isArray(classification.names) ? classification.names.join(': ') : null))
    : classification;
  const className = [told, name].find((one) => typeof one === 'string' && one.trim());
  return typeof className === 'string' ? className.trim() : null;
}

/** Adds what has an area; otherwise says why it has none. */
function collectPolygons(geometry: unknown, polygons: Polygon[], depth: number): string | null {
  if (!isObject(geometry)) return 'has no geometry';
  const { type, coordinates, geometries } = geometry;
  if (type === 'Polygon') return addPolygon(coordinates, polygons);
  if (type === 'MultiPolygon' && Array.isArray(coordinates) && coordinates.length > 0)
    return firstReason(coordinates, (one) => addPolygon(one, polygons));
  if (type === 'GeometryCollection' && Array.isArray(geometries) && geometries.length > 0) {
    if (depth >= COLLECTIONS_MAX_DEPTH) return `nests more than ${COLLECTIONS_MAX_DEPTH} collections`;
    return firstReason(geometries, (one) => collectPolygons(one, polygons, depth + 1));
  }
  return `is of the type ${JSON.stringify(type) ?? 'none'}, which has no area`;
}

function firstReason(parts: readonly unknown[], take: (part: unknown) => string | null): string | null {
  for (const part of parts) {
    const reason = take(part);
    if (reason) return reason;
  }
  return null;
}

function addPolygon(coordinates: unknown, polygons: Polygon[]): string | null {
  if (!Array.isArray(coordinates) || coordinates.length === 0) return 'has no rings';
  const rings: Polygon = [];
  for (const written of coordinates) {
    if (!Array.isArray(written)) return 'has a ring that is no list of points';
    const ring = written.map(readPoint);
    const reason = findRingFault(ring);
    if (reason) return reason;
    rings.push(ring);
  }
  polygons.push(rings);
  return null;
}

function readPoint(written: unknown): Point {
  const [x, y]: unknown[] = Array.isArray(written) ? written : [];
  return [typeof x === 'number' ? x : Number.NaN, typeof y === 'number' ? y : Number.NaN];
}

/** Outlines as ASAP and QuPath write them, and what cannot be taken, by its name. */
import { placeOutlines } from '@microtome/domain/outline/place-outlines';
import { readAsapXml } from '@microtome/domain/outline/read-asap-xml';
import { readQupathGeoJson } from '@microtome/domain/outline/read-qupath-geojson';
import { describe, expect, it } from 'vitest';

const asap = (...annotations: string[]) =>
  `<?xml version="1.0"?><ASAP_Annotations><Annotations>${annotations.join('')}</Annotations></ASAP_Annotations>`;
const annotation = (attributes: string, points: string) =>
  `<Annotation ${attributes}><Coordinates>${points}</Coordinates></Annotation>`;
const TRIANGLE =
  '<Coordinate Order="2" X="0" Y="9"/><Coordinate Order="0" X="1.5" Y="2"/><Coordinate Order="1" X="8" Y="2"/>';

describe("ASAP's outlines", () => {
  it('have their group as class and their points in the order that they name', () => {
    const text = asap(
      annotation('Name="one" Type="Polygon" PartOfGroup="Tumor"', TRIANGLE),
      annotation('Name="two" Type="Rectangle" PartOfGroup="None"', TRIANGLE),
    );
    const ring = [
      [1.5, 2],
      [8, 2],
      [0, 9],
    ];
    expect(readAsapXml(text, '"a.xml"')).toEqual({
      outlines: [
        { name: 'one', className: 'Tumor', polygons: [[ring]] },
        { name: 'two', className: null, polygons: [[ring]] },
      ],
      refused: [],
    });
  });

  it('that have no area are named with the reason, and the others are taken', () => {
    const text = asap(
      annotation('Name="dot" Type="Dot"', '<Coordinate Order="0" X="1" Y="2"/>'),
      annotation('Name="curve" Type="Spline"', TRIANGLE),
      annotation(
        'Name="line" Type="Polygon"',
        '<Coordinate Order="0" X="1" Y="2"/><Coordinate Order="1" X="1" Y="2"/>',
      ),
      annotation('Name="broken" Type="Polygon"', `${TRIANGLE}<Coordinate Order="3" X="" Y="4"/>`),
      annotation('Type="Polygon"', TRIANGLE),
    );
    const { outlines, refused } = readAsapXml(text, '"a.xml"');
    expect(outlines.map(({ name }) => name)).toEqual(['annotation 5']);
    expect(refused).toEqual([
      { name: 'dot', reason: 'is of the type Dot, which has no area' },
      { name: 'curve', reason: expect.stringContaining('is of the type Spline, whose curve') },
      { name: 'line', reason: 'has 1 point; an area has at least 3' },
      { name: 'broken', reason: 'has a point at NaN, 4' },
    ]);
  });

  it('are refused whole when they are no XML of ASAP, or could grow without end', () => {
    const read = (text: string) => () => readAsapXml(text, '"a.xml"');
    expect(read('<Annotations/>')).toThrow('"a.xml" holds <Annotations>, not the annotations of ASAP.');
    expect(read(asap('<Annotation>'))).toThrow('"a.xml" is no well-formed XML: line 1');
    expect(read(asap(annotation('', TRIANGLE)).slice(0, 120))).toThrow('is no well-formed XML');
    expect(read(`<!DOCTYPE l [<!ENTITY a "aa">]>${asap()}`)).toThrow('"a.xml" declares a document type');
    expect(read(`<a>${'<b>'.repeat(200)}`)).toThrow('nests more than 100 elements');
    expect(read(`<a b="${'x'.repeat(2_000_000)}"/>`)).toThrow('Max buffer length exceeded');
    expect(read(asap('&unknown;'))).toThrow('is no well-formed XML');
  });
});

const square = (left: number) => [
  [left, 0],
  [left + 10, 0],
  [left + 10, 10],
  [left, 10],
  [left, 0],
];
const feature = (geometry: unknown, properties: unknown = {}, id?: string) => ({
  type: 'Feature',
  id,
  geometry,
  properties,
});
const read = (document: unknown) => readQupathGeoJson(JSON.stringify(document), '"a.geojson"');

describe("QuPath's outlines", () => {
  it('have their class from the classification, or from the name alone', () => {
    const polygon = { type: 'Polygon', coordinates: [square(0)] };
    const features = [
      feature(polygon, { name: 'area 1', classification: { name: 'Tumor', color: [200, 0, 0] } }),
      feature(polygon, { classification: { names: ['Tumor', 'Positive'] } }, 'id-1'),
      feature(polygon, { classification: 'Stroma' }),
      feature(polygon, { name: 'lymphocytes' }),
      feature(polygon, null),
    ];
    const classes = [
      ['area 1', 'Tumor'],
      ['id-1', 'Tumor: Positive'],
      ['outline 3', 'Stroma'],
      ['lymphocytes', 'lymphocytes'],
      ['outline 5', null],
    ];
    for (const document of [features, { type: 'FeatureCollection', features }]) {
      const { outlines } = read(document);
      expect(outlines.map(({ name, className }) => [name, className])).toEqual(classes);
    }
    expect(read(features[0]).outlines).toHaveLength(1);
  });

  it('have holes, several parts, groups, and no height', () => {
    const high = square(0).map(([x, y]) => [x, y, 7]);
    const multi = { type: 'MultiPolygon', coordinates: [[high, square(2)], [square(50)]] };
    const group = {
      type: 'GeometryCollection',
      geometries: [multi, { type: 'Polygon', coordinates: [square(90)] }],
    };
    const { outlines, refused } = read([feature(multi), feature(group)]);
    expect(refused).toEqual([]);
    expect(outlines.map(({ polygons }) => polygons.map((rings) => rings.length))).toEqual([
      [2, 1],
      [2, 1, 1],
    ]);
    expect(outlines[0]!.polygons[0]![0]).toEqual(square(0));
  });

  it('that have no area are named with the reason, and the others are taken', () => {
    const { outlines, refused } = read([
      feature({ type: 'Point', coordinates: [1, 2] }, { name: 'mark' }),
      feature({ type: 'LineString', coordinates: [[1, 2]] }, { name: 'line' }),
      feature(null, { name: 'nothing' }),
      feature({ type: 'Polygon', coordinates: [] }, { name: 'no rings' }),
      feature(
        {
          type: 'Polygon',
          coordinates: [
            [
              [1, 2],
              [1, 2],
              [1, 2],
            ],
          ],
        },
        { name: 'thin' },
      ),
      feature(
        {
          type: 'Polygon',
          coordinates: [
            [
              [1, 2],
              ['x', 2],
              [3, 4],
            ],
          ],
        },
        { name: 'words' },
      ),
      feature(
        { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [1, 2] }] },
        { name: 'group' },
      ),
      feature({ type: 'Polygon', coordinates: [square(0)] }, { name: 'good' }),
    ]);
    expect(outlines.map(({ name }) => name)).toEqual(['good']);
    expect(refused.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      'mark is of the type "Point", which has no area',
      'line is of the type "LineString", which has no area',
      'nothing has no geometry',
      'no rings has no rings',
      'thin has 1 point; an area has at least 3',
      'words has a point at NaN, 2',
      'group is of the type "Point", which has no area',
    ]);
  });

  it('are refused whole when they are no GeoJSON', () => {
    expect(() => readQupathGeoJson('{', '"a.geojson"')).toThrow('"a.geojson" is no JSON (');
    expect(() => read({ type: 'Topology' })).toThrow(
      '"a.geojson" holds the type "Topology", not GeoJSON features.',
    );
    expect(() => read([1])).toThrow('"a.geojson" holds 1, not GeoJSON features.');
    expect(() => read([[[[[[[[[[[]]]]]]]]]]])).toThrow('nests more than 8 collections');
  });
});

it('an outline wholly outside its slide is refused with both places; one across the edge is taken', () => {
  const { outlines } = read([
    feature({ type: 'Polygon', coordinates: [square(95)] }, { name: 'edge' }),
    feature({ type: 'Polygon', coordinates: [square(20_000)] }, { name: 'far' }),
  ]);
  const placed = placeOutlines({ outlines, refused: [] }, { width: 100, height: 50 });
  expect(placed.outlines.map(({ name }) => name)).toEqual(['edge']);
  expect(placed.refused).toEqual([
    {
      name: 'far',
      reason:
        'lies outside the slide of 100 x 50 px (x 20,000 to 20,010, y 0 to 10): it belongs to another slide or level',
    },
  ]);
});

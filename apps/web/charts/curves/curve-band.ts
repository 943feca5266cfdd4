/** The ECharts series of a band around a curve: one polygon, cut where a logarithmic axis has no place for it. Pure. */
import type { BandPoint } from './plotted-curve.ts';

const OPACITY = 0.16;

type BandApi = { coord(value: [number, number]): [number, number] };

/** A band of two places at least; a shorter one has no area. */
export function buildBand(
  band: readonly BandPoint[],
  { color, isLog }: { color: string; isLog: boolean },
): Record<string, unknown>[] {
  const drawn = isLog ? band.filter(({ low }) => low > 0) : band;
  if (drawn.length < 2) return [];
  return [
    {
      type: 'custom',
      silent: true,
      clip: true,
      z: 1,
      // Both edges count for the height of the axis; one polygon is drawn for all of them.
      encode: { x: 0, y: [1, 2] },
      data: drawn.map(({ x, low, high }) => [x, low, high]),
      renderItem: ({ dataIndex }: { dataIndex: number }, api: BandApi) =>
        dataIndex > 0
          ? null
          : {
              type: 'polygon',
              shape: {
                points: [
                  ...drawn.map(({ x, high }) => api.coord([x, high])),
                  ...drawn.toReversed().map(({ x, low }) => api.coord([x, low])),
                ],
              },
              style: { fill: color, opacity: OPACITY },
            },
    },
  ];
}

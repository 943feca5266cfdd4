/** Overlays the curves of several runs: one panel per metric, one line per run. Pure. */
import { arrangeCurvePanels, type CurvePoint } from '../../charts/curve-panels.ts';
import type { MetricCatalogue } from '../../metrics/metric-catalogue.ts';
import { alignCurves, type CurveAxis, type StoredCurve } from './align-curves.ts';

type OverlayCurve = { name: string; runIndex: number; dashed: boolean; points: readonly CurvePoint[] };
export type OverlayPanel = { key: string; title: string; curves: OverlayCurve[] };

type OverlayRequest = {
  runs: readonly { id: string; name: string }[];
  curves: readonly { id: string; metrics: readonly StoredCurve[] }[];
  catalogue: MetricCatalogue;
  positiveClass: string;
  /** What the dataset is split by, in the plural. */
  units: string;
  /** Also TRAIN, dashed. */
  withTraining: boolean;
  /** Also calibration, means over units and the like. */
  withFurther: boolean;
  axis: CurveAxis;
};

export function overlayCurves(request: OverlayRequest): OverlayPanel[] {
  const { runs, curves, catalogue, positiveClass, units, withTraining, withFurther, axis } = request;
  const panels = new Map<string, OverlayPanel>();
  runs.forEach((run, runIndex) => {
    const metrics = curves.find(({ id }) => id === run.id)?.metrics ?? [];
    for (const panel of arrangeCurvePanels(alignCurves(metrics, axis), { catalogue, positiveClass, units })) {
      if (panel.kind === 'machine' || panel.key === 'learningRate') continue;
      if (panel.kind === 'further' && !withFurther) continue;
      const shown = panel.curves.filter(({ name }) => withTraining || !name.startsWith('train.'));
      if (shown.length === 0) continue;
      const known = panels.get(panel.key) ?? { key: panel.key, title: panel.title, curves: [] };
      for (const { name, points } of shown) {
        const dashed = name.startsWith('train.');
        known.curves.push({ name: dashed ? `${run.name}, TRAIN` : run.name, runIndex, dashed, points });
      }
      panels.set(panel.key, known);
    }
  });
  return [...panels.values()];
}

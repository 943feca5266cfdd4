/** What the panels of a frozen report must hold when they are read: what was kept is drawn years later, by another version. */
import type { FrozenPanels } from '@microtome/domain/report/panel-data';
import { z } from 'zod';

const figure = z.number().nullable().default(null);
const sentences = z.array(z.string()).default([]);
const panelCell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A panel of a kind that this version does not know is a problem of that panel alone. */
export const frozenPanels = z.array(
  z
    .discriminatedUnion('kind', [
      z.looseObject({
        kind: z.literal('CHART'),
        series: z.array(
          z.looseObject({
            runId: z.string(),
            run: z.string(),
            name: z.string(),
            pointCount: z.number(),
            points: z.array(z.looseObject({ epoch: z.number(), step: z.number(), value: figure })),
          }),
        ),
        runCount: z.number(),
      }),
      z.looseObject({
        kind: z.literal('TABLE'),
        columns: z.array(
          z.looseObject({
            text: z.string(),
            isNumber: z.boolean(),
            isMeasured: z.boolean(),
            isDuration: z.boolean(),
            isTime: z.boolean(),
          }),
        ),
        rows: z.array(z.looseObject({ runId: z.string(), run: z.string(), cells: z.array(panelCell) })),
        runCount: z.number(),
      }),
      z.looseObject({
        kind: z.literal('COMPARISON'),
        verdict: z.string(),
        warnings: sentences,
        runs: z.array(z.looseObject({ runId: z.string(), run: z.string() })),
        pairs: z.array(
          z.looseObject({
            a: z.string(),
            b: z.string(),
            patients: z.number(),
            patches: z.number(),
            caution: z.string().nullable().default(null),
            refused: z.string().nullable().default(null),
            metrics: z.array(
              z.looseObject({
                metric: z.string(),
                a: figure,
                b: figure,
                difference: figure,
                low: figure,
                high: figure,
                verdict: z.string(),
              }),
            ),
          }),
        ),
        runCount: z.number(),
      }),
      z.looseObject({ kind: z.literal('PROBLEM'), sentence: z.string() }),
    ])
    .catch({ kind: 'PROBLEM', sentence: 'What this panel was frozen with cannot be read.' }),
) satisfies z.ZodType<FrozenPanels>;

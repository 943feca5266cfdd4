/** Reads the fields of answers that are JSON, whose insides GraphQL cannot type: metrics, hyperparameters, payloads. */
import { z } from 'zod';

const jsonObject = z.record(z.string(), z.unknown());
const interval = z.tuple([z.number(), z.number()]);

type EvaluationFigure = { value: number | null; interval: [low: number, high: number] | null };

export function readObject(field: unknown): Record<string, unknown> {
  return jsonObject.parse(field);
}

/** A metric of an evaluation with its 95 % interval; null for what is undefined. */
export function readFigure(
  evaluation: { metrics: unknown; intervals?: unknown },
  name: string,
): EvaluationFigure {
  const value = readObject(evaluation.metrics)[name];
  const ends = readObject(evaluation.intervals ?? {})[name];
  return {
    value: z.number().nullish().parse(value) ?? null,
    interval: interval.nullish().parse(ends) ?? null,
  };
}

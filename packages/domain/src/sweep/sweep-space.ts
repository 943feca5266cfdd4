/** The space of a sweep (hyperparameter → the values or the range that its runs may take), and the settings drawn from it. */
import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { createRandom, deriveSeed, type SeededRandom } from '../seeded-random.ts';

/** Draws in a row that only repeat settings drawn before, after which the space counts as used up. */
const REPEATED_DRAWS_MAX = 200;

const valueList = z.array(z.union([z.string(), z.number(), z.boolean()])).min(1);
const numberRange = z
  .strictObject({
    low: z.number(),
    high: z.number(),
    log: z.boolean().default(false),
    whole: z.boolean().default(false),
  })
  .refine(({ low, high }) => low < high, 'low has to be below high')
  .refine(({ low, log }) => !log || low > 0, 'a logarithmic range has to begin above 0')
  .refine(
    ({ low, high, whole }) => !whole || (Number.isInteger(low) && Number.isInteger(high)),
    'a range of whole numbers has to have whole ends',
  );
const spaceSchema = z.record(z.string(), z.union([valueList, numberRange]));

type NumberRange = z.infer<typeof numberRange>;

type SweepSpace = z.infer<typeof spaceSchema>;
export type Setting = Record<string, unknown>;

/** BAD_INPUT that names the hyperparameter whose values or range do not fit. */
export function parseSpace(space: unknown): SweepSpace {
  const parsed = spaceSchema.safeParse(space ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new AppError(
      'BAD_INPUT',
      `The space of the sweep does not fit at '${issue.path.join('.')}': ${issue.message}.`,
    );
  }
  if (Object.keys(parsed.data).length === 0)
    throw new AppError('BAD_INPUT', 'The space of the sweep names no hyperparameter.');
  return parsed.data;
}

/** Every combination of the listed values, the last hyperparameter moving fastest; stops above `limit`. */
export function combineValues(space: SweepSpace, limit: number): Setting[] {
  let settings: Setting[] = [{}];
  for (const [key, values] of Object.entries(space)) {
    if (!Array.isArray(values))
      throw new AppError('BAD_INPUT', `GRID needs a list of values for '${key}', not a range.`);
    const once = [...new Set(values)];
    settings = settings.flatMap((setting) => once.map((value) => ({ ...setting, [key]: value })));
    if (settings.length > limit) break;
  }
  return settings;
}

/**
 * `trials` different settings, the same for the same seed on any machine. A draw that repeats a setting is drawn again.
 * BAD_INPUT when the space has fewer settings than trials.
 */
export function drawSettings(
  space: SweepSpace,
  { trials, seed }: { trials: number; seed: number },
): Setting[] {
  const drawn = new Map<string, Setting>();
  for (let trial = 0; trial < trials; trial++) {
    const random = createRandom(deriveSeed(seed, 'sweep', trial));
    let repeats = 0;
    let setting = drawSetting(space, random);
    while (drawn.has(JSON.stringify(setting)) && repeats++ < REPEATED_DRAWS_MAX)
      setting = drawSetting(space, random);
    drawn.set(JSON.stringify(setting), setting);
    if (drawn.size <= trial) {
      throw new AppError(
        'BAD_INPUT',
        `The space of the sweep has only ${drawn.size} different settings, fewer than ${trials} trials: ask for fewer, or use GRID.`,
      );
    }
  }
  return [...drawn.values()];
}

function drawSetting(space: SweepSpace, random: SeededRandom): Setting {
  return Object.fromEntries(
    Object.entries(space).map(([key, values]) => [
      key,
      Array.isArray(values) ? values[Math.floor(random.next() * values.length)] : drawNumber(values, random),
    ]),
  );
}

/** A range of whole numbers has both ends in it, each number with the same share (of the logarithm). */
function drawNumber({ low, high, log, whole }: NumberRange, random: SeededRandom): number {
  const end = whole ? high + 1 : high;
  const u = random.next();
  const drawn = log ? Math.exp(Math.log(low) + u * (Math.log(end) - Math.log(low))) : low + u * (end - low);
  return whole ? Math.min(high, Math.max(low, Math.floor(drawn))) : drawn;
}

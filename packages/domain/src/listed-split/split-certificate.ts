/**
 * The certificate of a listed split: what was divided, how much lies where, digests of the lists, what was checked and
 * found. Made of the list alone, so anyone who has the list can make it again and compare.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { NAME_RULES } from '../source/name-rule.ts';
import { SPLITTING_UNITS } from '../unit/splitting-unit.ts';
import { type ListAudit, nameUnits } from './audit-list.ts';
import type { ListEntry } from './list-entries.ts';

const FORMAT = 'microtome split certificate 1';

const count = z.number().int().nonnegative();

const certificateSchema = z.strictObject({
  format: z.literal(FORMAT),
  unit: z.enum(['PATIENT', 'SLIDE', 'GROUP', 'ID']),
  rule: z.strictObject({ name: z.enum(NAME_RULES), about: z.string(), pattern: z.string().nullable() }),
  units: count,
  sides: z.array(
    z.strictObject({
      side: z.string(),
      entries: count,
      units: count,
      slides: count.nullable(),
      shared: count,
      /** SHA-256 over the sorted ids of the side, one a line, each as often as it is listed. */
      idsDigest: z.string(),
    }),
  ),
  sites: z.array(
    z.strictObject({ site: z.string(), units: z.array(z.strictObject({ side: z.string(), units: count })) }),
  ),
  checked: z.array(z.string()),
  notChecked: z.array(z.string()),
  isClean: z.boolean(),
  sharedUnits: z.array(z.string()),
  statement: z.string(),
  /** What a list does not tell: of a split that is kept with its dataset, and was audited by its images. */
  kept: z
    .strictObject({
      dataset: z.strictObject({ name: z.string(), digest: z.string(), unit: z.enum(SPLITTING_UNITS) }),
      split: z.strictObject({
        name: z.string(),
        digest: z.string(),
        strategy: z.string(),
        isUnsafe: z.boolean(),
      }),
      patches: z.array(z.strictObject({ side: z.string(), patches: count })),
      leftOutUnits: count,
      /** Null while it is not made. */
      audit: z
        .strictObject({
          passed: z.boolean(),
          checked: z.array(z.string()),
          reasons: z.array(z.string()),
          notes: z.array(z.string()),
        })
        .nullable(),
      statement: z.string(),
    })
    .optional(),
});

export type SplitCertificate = z.output<typeof certificateSchema>;

/** What a certificate says of a split that is kept. */
export type KeptSplit = NonNullable<SplitCertificate['kept']>;

export function makeCertificate(audit: ListAudit, entries: readonly ListEntry[]): SplitCertificate {
  const { unit, rule, units, sides, sites, isClean, shared } = audit;
  return {
    format: FORMAT,
    unit,
    rule,
    units,
    sides: sides.map((side) => ({ ...side, idsDigest: digestIds(entries, side.side) })),
    sites,
    checked: [
      `${shared.length} of ${units} ${nameUnits(unit, units)} on two sides or more, by the ids of the list.`,
    ],
    notChecked: [
      'Copies of an image under another name, and neighbours on one slide: the images were not read.',
      ...(unit === 'PATIENT' ? [] : ['Whether two of these belong to one patient: the list does not tell.']),
    ],
    isClean,
    sharedUnits: shared.map(({ key }) => key),
    statement: writeStatement(audit),
  };
}

/** @throws AppError BAD_INPUT when the text is no such certificate */
export function parseCertificate(text: string, fileName: string): SplitCertificate {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError('BAD_INPUT', `${fileName} is no certificate of a split: it is no JSON.`);
  }
  const parsed = certificateSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'BAD_INPUT',
    `${fileName} is no certificate of a split: ${z.prettifyError(parsed.error)}`,
  );
}

/**
 * What of a certificate does not follow from the list, as the names of its fields; empty when all of it does. What is kept
 * with a dataset cannot follow from a list.
 */
export function compareCertificates(given: SplitCertificate, made: SplitCertificate): string[] {
  const fields = Object.keys(made) as (keyof SplitCertificate)[];
  return fields.filter((field) => JSON.stringify(given[field]) !== JSON.stringify(made[field]));
}

/** What a paper has to say of its split, in a sentence or two. */
function writeStatement({ unit, units, sides, isClean, shared }: ListAudit): string {
  const many = nameUnits(unit, 2);
  const parts = sides.map(
    (side) => `${side.side} ${side.units} ${nameUnits(unit, side.units)} (${side.entries} entries)`,
  );
  const divided = `The data were divided by list into ${parts.join(', ')}, of ${units} ${many} in all.`;
  if (!isClean)
    return `${divided} ${shared.length} of these ${many} are on more than one side, so the sides are not independent.`;
  const caveat = unit === 'PATIENT' ? '' : ' Patients are not told by the list.';
  return `${divided} No ${nameUnits(unit, 1)} is on more than one side.${caveat}`;
}

function digestIds(entries: readonly ListEntry[], side: string): string {
  const ids = entries.filter((entry) => entry.side === side).map(({ id }) => id);
  return createHash('sha256').update(ids.sort().join('\n'), 'utf8').digest('hex');
}

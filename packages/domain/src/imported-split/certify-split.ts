/** The certificate of a split that is kept: all that its list tells, and what was found of its images. */
import type { SplitAudit } from '../audit/audit-evidence.ts';
import { judgeLists } from '../listed-split/judge-lists.ts';
import { type KeptSplit, makeCertificate, type SplitCertificate } from '../listed-split/split-certificate.ts';
import { countUnits, nameUnit } from '../unit/unit-words.ts';

type CertifiedSplit = Omit<KeptSplit, 'audit' | 'statement'> & { audit: SplitAudit | null };

/** `list` is the split's own (`writeSplitList`): whoever has it makes all but `kept` again. */
export function certifySplit({ list, split }: { list: string; split: CertifiedSplit }): SplitCertificate {
  const files = [{ name: 'list.csv', text: list }];
  const { audit, entries } = judgeLists({ files, columns: {}, rule: null, pattern: null });
  const certificate = makeCertificate(audit, entries);
  const kept: KeptSplit = {
    ...split,
    audit: split.audit && describeAudit(split.audit, split.dataset.unit),
    statement: writeStatement(split, certificate),
  };
  return { ...certificate, kept };
}

function describeAudit(audit: SplitAudit, unit: KeptSplit['dataset']['unit']): KeptSplit['audit'] {
  const { passed, reasons, notes, patches, heldOut, identicalAcrossSides, nearIdenticalAcrossSides } = audit;
  const { neighboursInTrain, noPixelBaseline, patientsOnSeveralSides } = audit;
  const checked = [
    ...(unit === 'NONE' ? [] : [`${nameUnit(unit).heading} on several sides: ${patientsOnSeveralSides}.`]),
    ...(identicalAcrossSides === null
      ? []
      : [`Patches whose pixels also occur on another side: ${identicalAcrossSides} of ${patches}.`]),
    ...(nearIdenticalAcrossSides === null
      ? []
      : [`Pairs of near-identical patches on two sides: ${nearIdenticalAcrossSides}.`]),
    `Held-out patches that touch a TRAIN patch: ${neighboursInTrain} of ${heldOut}.`,
    `Held-out patches for which a rule answers that never looks at a pixel: ${noPixelBaseline.answered} of ${heldOut}.`,
  ];
  return { passed, checked, reasons: [...reasons], notes: [...notes] };
}

/** What a paper has to say of its split: how many, divided at which level, disjoint or not, and how that was checked. */
function writeStatement(
  split: CertifiedSplit,
  { sides, isClean, sharedUnits, sites }: SplitCertificate,
): string {
  const { unit } = split.dataset;
  const { one, by } = nameUnit(unit);
  const parts = sides.map(({ side, units }) => {
    const patches = split.patches.find((own) => own.side === side)?.patches ?? 0;
    const tiles = `${patches.toLocaleString('en')} patches`;
    return unit === 'NONE' ? `${side} (${tiles})` : `${side} (${countUnits(unit, units)}, ${tiles})`;
  });
  const divided = `The dataset '${split.dataset.name}' was divided ${by} into ${join(parts)}.`;
  const disjoint =
    unit === 'NONE'
      ? 'Patients are not known, so the sides cannot be said to be independent.'
      : isClean
        ? `The sides are disjoint: no ${one} is on more than one of them.`
        : `${countUnits(unit, sharedUnits.length)} ${sharedUnits.length === 1 ? 'is' : 'are'} on more than one side, so the sides are not independent.`;
  const caveat = unit === 'SLIDE' || unit === 'GROUP' ? ' Patients are not known.' : '';
  const onSeveral = sites.filter(({ units }) => units.filter((own) => own.units > 0).length > 1).length;
  const ofSites =
    sites.length === 0
      ? ''
      : onSeveral === 0
        ? ` No site is on more than one side.`
        : ` ${onSeveral} of ${sites.length} sites ${onSeveral === 1 ? 'is' : 'are'} on more than one side.`;
  const audited = !split.audit
    ? ''
    : split.audit.passed
      ? ' An audit of the images found no repeated or adjacent patches across the sides.'
      : ' An audit of the images found that the sides are not independent.';
  return `${divided} ${disjoint}${caveat}${ofSites}${audited}`;
}

function join(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

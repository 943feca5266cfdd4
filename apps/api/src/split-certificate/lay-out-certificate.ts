/** The certificate of a stored split as a PDF report. Pure. */
import { invariant } from '@microtome/domain/app-error';
import type { SplitCertificate } from '@microtome/domain/listed-split/split-certificate';
import { countUnits, nameUnit } from '@microtome/domain/unit/unit-words';
import type { ReportBlock, ReportDocument } from '../report/report-document.ts';

const SHARED_SHOWN = 200;

export function layOutCertificate(certificate: SplitCertificate, asOf: Date): ReportDocument {
  const { kept, sharedUnits } = certificate;
  invariant(kept, 'only a split that is kept is printed');
  const rest = sharedUnits.length - SHARED_SHOWN;
  return {
    title: kept.split.name,
    subtitle: `${kept.dataset.name}, split ${nameUnit(kept.dataset.unit).by}`,
    kindOfDocument: 'certificate of a split',
    identity: kept.split.digest,
    asOf,
    blocks: [
      ...judge(kept),
      { kind: 'heading', text: 'For the methods section' },
      { kind: 'paragraph', text: kept.statement },
      { kind: 'heading', text: 'Sides' },
      tabulateSides(certificate),
      ...listDigests(certificate),
      ...tabulateSites(certificate),
      { kind: 'heading', text: 'What was checked' },
      { kind: 'list', items: [...certificate.checked, ...(kept.audit?.checked ?? [])] },
      ...listNotChecked(certificate),
      ...(sharedUnits.length === 0
        ? []
        : [
            {
              kind: 'heading',
              text: `On several sides: ${countUnits(kept.dataset.unit, sharedUnits.length)}`,
            } as const,
            {
              kind: 'paragraph',
              text: `${sharedUnits.slice(0, SHARED_SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
            } as const,
          ]),
      { kind: 'heading', text: 'To make it again' },
      {
        kind: 'paragraph',
        text: 'With the list of the split and this certificate as JSON, everything but the audit of the images is computed again and compared:',
      },
      { kind: 'code', text: 'npm run audit-split -- --certificate certificate.json --list list.csv' },
    ],
  };
}

function judge({ split, audit }: NonNullable<SplitCertificate['kept']>): ReportBlock[] {
  if (split.isUnsafe) {
    const items = audit?.reasons.length
      ? audit.reasons
      : ['Patches were divided regardless of whose they are.'];
    return [{ kind: 'notice', title: 'Unsafe: the sides are not independent', items }];
  }
  if (!audit) return [{ kind: 'notice', title: 'The audit of the images is still being made', items: [] }];
  return [{ kind: 'paragraph', text: 'Clean: nothing was found on two sides.' }];
}

function tabulateSides({ sides, kept }: SplitCertificate): ReportBlock {
  const words = kept ? nameUnit(kept.dataset.unit).many : 'units';
  return {
    kind: 'table',
    columns: [
      { header: 'side' },
      { header: kept?.dataset.unit === 'NONE' ? 'files' : words, align: 'right' },
      { header: 'patches', align: 'right' },
      { header: 'on another side too', align: 'right' },
    ],
    rows: sides.map(({ side, units, shared }) => [
      side,
      units.toLocaleString('en'),
      (kept?.patches.find((own) => own.side === side)?.patches ?? 0).toLocaleString('en'),
      shared.toLocaleString('en'),
    ]),
  };
}

/** Whole, so that paper alone is enough to compare with. */
function listDigests({ sides, kept }: SplitCertificate): ReportBlock[] {
  const named = [
    ...sides.map(({ side, idsDigest }): [string, string] => [side, idsDigest]),
    ...(kept
      ? [
          ['split', kept.split.digest] as [string, string],
          ['dataset', kept.dataset.digest] as [string, string],
        ]
      : []),
  ];
  const width = Math.max(...named.map(([name]) => name.length));
  return [
    { kind: 'subheading', text: 'SHA-256 of the sorted ids of each side, of the split and of the dataset' },
    { kind: 'code', text: named.map(([name, digest]) => `${name.padEnd(width)}  ${digest}`).join('\n') },
  ];
}

function tabulateSites({ sites, sides }: SplitCertificate): ReportBlock[] {
  if (sites.length === 0) return [];
  return [
    { kind: 'heading', text: 'Sites' },
    {
      kind: 'table',
      columns: [
        { header: 'site', width: 'grow' },
        ...sides.map(({ side }) => ({ header: side, align: 'right' as const })),
      ],
      rows: sites.map(({ site, units }) => [
        site,
        ...sides.map(({ side }) => (units.find((own) => own.side === side)?.units ?? 0).toLocaleString('en')),
      ]),
    },
  ];
}

/** Once the images were audited, what a list alone cannot tell was looked at. */
function listNotChecked({ notChecked, kept }: SplitCertificate): ReportBlock[] {
  const items = kept?.audit ? [...notChecked.slice(1), ...kept.audit.notes] : notChecked;
  return items.length === 0
    ? []
    : [
        { kind: 'heading', text: 'What was not checked' },
        { kind: 'list', items },
      ];
}

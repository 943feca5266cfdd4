/** The sides and the sites of a certified split, as tables. */
import { Digest } from '../../../../components/digest.tsx';
import { formatCount } from '../../../../format/format-number.ts';
import type { SplitCertificateQuery, Subset } from '../../../../graphql/generated/graphql.ts';
import { SubsetMark } from '../../../../split/subset-mark.tsx';
import { Card } from '../../../../ui/card.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import type { UnitWords } from '../../../../unit/unit-words.ts';

type Certificate = NonNullable<SplitCertificateQuery['split']>['certificate'];
type CertifiedProps = { certificate: Certificate; unit: UnitWords };

export function CertifiedSides({ certificate, unit }: CertifiedProps) {
  const many = unit.kind === 'NONE' ? 'Files' : unit.heading;
  return (
    <Card flush title="Sides" note="The digest is the SHA-256 of the sorted ids, one a line.">
      <PlainTable
        caption="Sides of the split"
        rows={certificate.sides}
        rowKey={({ side }) => side}
        columns={[
          { header: 'Side', cell: ({ side }) => <SubsetMark subset={side as Subset} /> },
          { header: many, align: 'right', cell: ({ units }) => formatCount(units) },
          { header: 'Patches', align: 'right', cell: ({ patches }) => formatCount(patches) },
          { header: 'On another side too', align: 'right', cell: ({ shared }) => formatCount(shared) },
          { header: 'Digest of the ids', cell: ({ idsDigest }) => <Digest value={idsDigest} /> },
        ]}
      />
    </Card>
  );
}

export function CertifiedSites({ certificate, unit }: CertifiedProps) {
  return (
    <Card flush title="Sites" note={`${unit.heading} of each site by side.`}>
      <PlainTable
        caption="Sites by side"
        rows={certificate.sites}
        rowKey={({ site }) => site}
        columns={[
          { header: 'Site', cell: ({ site }) => site },
          ...certificate.sides.map(({ side }) => ({
            header: side,
            align: 'right' as const,
            cell: ({ units }: Certificate['sites'][number]) =>
              formatCount(units.find((own) => own.side === side)?.units ?? 0),
          })),
        ]}
      />
    </Card>
  );
}

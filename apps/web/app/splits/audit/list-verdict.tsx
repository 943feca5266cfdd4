/** The verdict on a list: clean or leaking, its sides, and who is on several of them. */
import { formatCount } from '../../../format/format-number.ts';
import type { ListVerdictFragment } from '../../../graphql/generated/graphql.ts';
import { Sentences } from '../../../split/sentences.tsx';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

const NOUNS: Record<string, [one: string, many: string]> = {
  PATIENT: ['Patient', 'Patients'],
  SLIDE: ['Slide', 'Slides'],
  GROUP: ['Group', 'Groups'],
  ID: ['Id', 'Ids'],
};

export function ListVerdict({ verdict }: { verdict: ListVerdictFragment }) {
  const [first = '', ...rest] = verdict.sentences;
  const [, many] = nameUnits(verdict);
  const hasSlides = verdict.sides.some(({ slides }) => slides !== null && slides !== undefined);
  return (
    <>
      <Notice tone={verdict.isClean ? 'info' : 'danger'} title={first}>
        <Sentences sentences={rest} />
      </Notice>
      <Card flush title="Sides" note={`${verdict.layouts.join('; ')}. ${verdict.rule}`}>
        <PlainTable
          caption="Sides of the list"
          rows={verdict.sides}
          rowKey={({ side }) => side}
          columns={[
            { header: 'Side', cell: ({ side }) => side },
            { header: many, align: 'right', cell: ({ units }) => formatCount(units) },
            ...(hasSlides
              ? [
                  {
                    header: 'Slides',
                    align: 'right' as const,
                    cell: ({ slides }: (typeof verdict.sides)[number]) => formatCount(slides ?? 0),
                  },
                ]
              : []),
            { header: 'Entries', align: 'right', cell: ({ entries }) => formatCount(entries) },
            { header: 'On another side too', align: 'right', cell: ({ shared }) => formatCount(shared) },
          ]}
        />
      </Card>
      {verdict.sharedCount > 0 && <SharedUnits verdict={verdict} />}
    </>
  );
}

function SharedUnits({ verdict }: { verdict: ListVerdictFragment }) {
  const [one, many] = nameUnits(verdict);
  return (
    <Card
      flush
      title={`${many} on several sides: ${formatCount(verdict.sharedCount)} of ${formatCount(verdict.units)}`}
      note={
        verdict.sharedCount > verdict.shared.length
          ? `The first ${formatCount(verdict.shared.length)}; npm run audit-split -- --json lists all.`
          : undefined
      }
    >
      <PlainTable
        boxClassName="max-h-96"
        caption={`${many} on several sides`}
        rows={verdict.shared}
        rowKey={({ key }) => key}
        columns={[
          {
            header: one,
            cell: ({ key }) => <span className="font-mono text-xs">{key}</span>,
          },
          {
            header: 'Entries by side',
            cell: ({ sides }) =>
              sides.map(({ side, entries }) => `${side} ${formatCount(entries)}`).join(', '),
          },
        ]}
      />
    </Card>
  );
}

function nameUnits({ unit }: ListVerdictFragment): [one: string, many: string] {
  return NOUNS[unit] ?? ['Id', 'Ids'];
}

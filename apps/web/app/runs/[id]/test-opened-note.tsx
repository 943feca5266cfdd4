/** Who opened TEST for this run, when and why, and how often this split's TEST was opened in all. */
import { Moment } from '../../../components/moment.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';

type TestOpenedNoteProps = {
  opening: NonNullable<RunPageFragment['testOpening']>;
  split: { id: string; testOpeningCount: number };
};

export function TestOpenedNote({ opening, split }: TestOpenedNoteProps) {
  return (
    <>
      Opened by {opening.openedBy} <Moment at={opening.openedAt} />: “{opening.reason}”. TEST of this split
      was opened{' '}
      <TextLink href={`/splits/${split.id}`}>
        {split.testOpeningCount} {split.testOpeningCount === 1 ? 'time' : 'times'}
      </TextLink>{' '}
      in all.
    </>
  );
}

'use client';
/** What somebody else has saved meanwhile, next to one's own text, which stays where it is. */
import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { useAction } from '../../../../api/use-action.ts';
import { ReportDocument, type ReportFactsFragment } from '../../../../graphql/generated/graphql.ts';
import { Button } from '../../../../ui/button.tsx';
import { Field, Textarea } from '../../../../ui/field.tsx';

type TheirTextProps = {
  refusal: string;
  newest: ReportFactsFragment;
  /** Their version was looked at: the next save is a change to it. */
  onTake: (version: number) => void;
};

export function TheirText({ refusal, newest, onTake }: TheirTextProps) {
  const client = useApolloClient();
  const [theirs, setTheirs] = useState<ReportFactsFragment | null>(null);
  const { run, busy } = useAction();
  const load = () =>
    run(async () => {
      const { data } = await client.query({
        query: ReportDocument,
        variables: { id: newest.id },
        fetchPolicy: 'network-only',
      });
      setTheirs(data?.report ?? null);
    });
  return (
    <div role="alert" className="mb-5 rounded-md border border-danger/40 bg-danger-soft px-4 py-3 text-sm">
      <p className="font-semibold">{refusal}</p>
      <p className="mt-1">
        Your text is still here. Look at theirs, bring into yours what is to stay, and save again.
      </p>
      {theirs ? (
        <div className="mt-3 flex flex-col gap-2">
          <Field label={`The text of ${theirs.changedBy}, version ${theirs.version}`}>
            <Textarea readOnly rows={10} value={theirs.body} className="font-mono text-[13px]" />
          </Field>
          <div>
            <Button onClick={() => onTake(theirs.version)}>Mine goes over it</Button>
          </div>
        </div>
      ) : (
        <Button className="mt-2" disabled={busy} onClick={() => void load()}>
          Show their text
        </Button>
      )}
    </div>
  );
}

/** Where the run comes from and what became of it: data, split, run, versions, each a step with its link. */
import { ArrowRight, Boxes, Images, ListChecks, Split } from 'lucide-react';
import type { ReactNode } from 'react';
import { LaterLink } from '../../../components/later-link.tsx';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { classNames } from '../../../ui/class-names.ts';

export function RunLineage({ run }: { run: RunPageFragment }) {
  const { dataset, split, modelVersions } = run;
  if (!dataset) return null;
  return (
    <ol
      aria-label="Lineage"
      className="mb-5 flex flex-wrap items-center gap-y-2 text-sm max-sm:grid max-sm:grid-cols-2 max-sm:gap-x-2"
    >
      <Step icon={<Images />} kind="Dataset" href={`/datasets/${dataset.id}`}>
        {dataset.name}
      </Step>
      {split && (
        <Step icon={<Split />} kind={split.unsafe ? 'Unsafe split' : 'Split'} href={`/splits/${split.id}`}>
          {split.name}
        </Step>
      )}
      <Step icon={<ListChecks />} kind="This run">
        {run.status.toLowerCase()}
      </Step>
      {modelVersions.map(({ id, number, aliases, model }) => (
        <Step
          key={id}
          icon={<Boxes />}
          kind={aliases.includes('champion') ? 'Champion' : 'Version'}
          href={`/models/${model.id}/versions/${number}`}
        >
          {model.name} v{number}
        </Step>
      ))}
    </ol>
  );
}

type StepProps = { icon: ReactNode; kind: string; href?: string; children: ReactNode };

function Step({ icon, kind, href, children }: StepProps) {
  const look =
    'flex max-w-64 min-w-0 items-center max-sm:w-full gap-2 rounded-md border px-2.5 py-1.5 [&>svg]:size-4 [&>svg]:shrink-0';
  const inside = (
    <>
      {icon}
      <span className="min-w-0">
        <span className="block text-xs text-muted-foreground">{kind}</span>
        <span className="block truncate font-medium">{children}</span>
      </span>
    </>
  );
  return (
    <li className="group flex min-w-0 items-center">
      <ArrowRight
        className="mx-1.5 size-4 shrink-0 text-muted-foreground group-first:hidden max-sm:hidden"
        aria-hidden
      />
      {href ? (
        <LaterLink
          href={href}
          className={classNames(look, 'border-line bg-surface hover:border-line-strong')}
        >
          {inside}
        </LaterLink>
      ) : (
        <span aria-current="step" className={classNames(look, 'border-accent bg-accent-soft')}>
          {inside}
        </span>
      )}
    </li>
  );
}

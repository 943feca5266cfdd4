/** The steps from patches to a promoted model, shown until each was done once. */
import { CircleCheck, CircleDashed } from 'lucide-react';
import Link from 'next/link';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import type { Step } from './list-steps.ts';

export function FirstSteps({ steps }: { steps: readonly Step[] }) {
  const next = steps.findIndex(({ done }) => !done);
  return (
    <Card title="First steps" note="From a folder of patches to a promoted model.">
      <ol className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
        {steps.map(({ title, text, href, action, done }, index) => (
          <li key={title} className="flex flex-col items-start gap-1.5">
            <span className="flex items-center gap-2 font-semibold">
              {done ? (
                <CircleCheck className="size-4 text-good" aria-label="Done" />
              ) : (
                <CircleDashed className="size-4 text-muted-foreground" aria-label="To do" />
              )}
              {index + 1}. {title}
            </span>
            <span className="text-sm text-muted-foreground">{text}</span>
            {!done && (
              <Button asChild size="sm" look={index === next ? 'primary' : 'outline'}>
                <Link href={href}>{action}</Link>
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

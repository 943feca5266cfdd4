/** What needs attention; drawn only when something does. */
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { TextLink } from '../components/text-link.tsx';
import { Card } from '../ui/card.tsx';
import type { AttentionItem } from './list-attention.ts';

export function AttentionList({ items }: { items: readonly AttentionItem[] }) {
  if (items.length === 0) return null;
  return (
    <Card title="Needs attention">
      <ul className="flex flex-col gap-2">
        {items.map(({ key, tone, text, href, link }) => {
          const Icon = tone === 'danger' ? CircleAlert : TriangleAlert;
          return (
            <li key={key} className="flex items-start gap-2.5 text-sm">
              <Icon
                className={
                  tone === 'danger'
                    ? 'mt-0.5 size-4 shrink-0 text-danger'
                    : 'mt-0.5 size-4 shrink-0 text-caution'
                }
                aria-hidden
              />
              <span className="min-w-0 flex-1 break-words">{text}</span>
              <TextLink href={href} className="text-accent">
                {link}
              </TextLink>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

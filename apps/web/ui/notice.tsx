/** A sentence that matters, in a box of its tone. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

type NoticeTone = 'info' | 'caution' | 'danger';

const LOOKS: Record<NoticeTone, string> = {
  info: 'border-line-strong bg-surface-muted [&>svg]:text-muted-foreground',
  caution: 'border-caution/40 bg-caution-soft [&>svg]:text-caution',
  danger: 'border-danger/40 bg-danger-soft [&>svg]:text-danger',
};
const ICONS = { info: Info, caution: TriangleAlert, danger: CircleAlert };

type NoticeProps = { tone?: NoticeTone; title?: string; className?: string; children?: ReactNode };

export function Notice({ tone = 'info', title, className, children }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'note'}
      className={classNames('flex gap-2.5 rounded-md border px-3 py-2.5 text-sm', LOOKS[tone], className)}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0">
        {title && <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  );
}

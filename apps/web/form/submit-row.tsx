/** The end of a form: the button that sends it. */
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';

export function SubmitRow({ disabled, children }: { disabled: boolean; children: ReactNode }) {
  return (
    <div className="flex justify-end">
      <Button type="submit" look="primary" disabled={disabled}>
        {children}
      </Button>
    </div>
  );
}

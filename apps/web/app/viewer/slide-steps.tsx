/** From slide to slide: the order that they come in, the one before and the one after. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { SLIDE_ORDERS } from '../../address/page-addresses.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { ORDER_TITLES, type SlideOrder } from './order-slides.ts';

type SlideStepsProps = {
  /** In their order. */
  slideIds: readonly string[];
  slideId: string;
  order: SlideOrder;
  onOrderChange: (order: SlideOrder) => void;
  onStep: (slideId: string) => void;
};

export function SlideSteps({ slideIds, slideId, order, onOrderChange, onStep }: SlideStepsProps) {
  const at = slideIds.indexOf(slideId);
  const step = (by: number) => {
    const next = slideIds[at + by];
    if (next) onStep(next);
  };
  return (
    <nav aria-label="Slides" className="flex flex-wrap items-center gap-2">
      <Select
        aria-label="Order of the slides"
        className="w-52"
        value={order}
        onChange={({ target }) =>
          onOrderChange(SLIDE_ORDERS.find((one) => one === target.value) ?? 'patient')
        }
      >
        {SLIDE_ORDERS.map((one) => (
          <option key={one} value={one}>
            Slides {ORDER_TITLES[one]}
          </option>
        ))}
      </Select>
      <Button disabled={at <= 0} onClick={() => step(-1)}>
        <ChevronLeft />
        Previous
      </Button>
      <span className="text-sm text-muted-foreground tabular-nums">
        {at + 1} of {slideIds.length}
      </span>
      <Button disabled={at < 0 || at >= slideIds.length - 1} onClick={() => step(1)}>
        Next
        <ChevronRight />
      </Button>
    </nav>
  );
}

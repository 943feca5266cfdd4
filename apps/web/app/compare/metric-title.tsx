/** A metric in a table of several runs, with the end that is better where that is not the larger one. */
export function MetricTitle({ title, lessIsBetter }: { title: string; lessIsBetter: boolean }) {
  return (
    <span className="flex flex-col">
      {title}
      {lessIsBetter && <span className="text-xs text-muted-foreground">less is better</span>}
    </span>
  );
}

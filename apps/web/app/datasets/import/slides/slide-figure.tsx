/** One slide as it looks, with its mask laid over it, and the patches that it would become. */
import { formatCount } from '../../../../format/format-number.ts';
import type { PreviewTilingQuery } from '../../../../graphql/generated/graphql.ts';

type Slide = PreviewTilingQuery['previewTiling']['slides'][number];

export function SlideFigure({ slide, isMasked }: { slide: Slide; isMasked: boolean }) {
  const { path, patient, site, label, classes } = slide;
  const whose = [patient && `Patient ${patient}`, site, label].filter(Boolean).join(' · ');
  const size = `${formatCount(slide.widthPx)} × ${formatCount(slide.heightPx)} px at ${slide.micronsPerPixel} µm`;
  const patches = classes.map(({ name, patches }) => `${formatCount(patches)} ${name}`).join(', ');
  const left = [
    `${formatCount(slide.glass)} glass`,
    `${formatCount(slide.pen)} under a pen`,
    `${formatCount(slide.between)} neither inside nor outside outlines`,
  ];
  return (
    <figure className="flex h-full flex-col overflow-hidden rounded-md border border-line">
      <div className="flex h-56 items-center justify-center bg-surface-muted">
        <div className="relative">
          {/* biome-ignore lint/performance/noImgElement: drawn by the API, already small */}
          <img src={slide.picture} alt={`Slide ${path}`} className="max-h-56 max-w-full" />
          {isMasked && (
            // biome-ignore lint/performance/noImgElement: must lie on the picture as it is
            <img
              src={slide.overlay}
              alt="Tissue and ink"
              className="absolute inset-0 size-full [image-rendering:pixelated]"
            />
          )}
        </div>
      </div>
      <figcaption className="flex flex-col gap-0.5 border-t border-line p-3 text-xs">
        <span className="font-mono break-words">{path}</span>
        <span className="text-muted-foreground">{size}</span>
        {whose && <span>{whose}</span>}
        <span className="text-sm font-medium">{patches}</span>
        <span className="text-muted-foreground">
          Left out of {formatCount(slide.squares)} squares: {left.join(', ')}.
        </span>
      </figcaption>
    </figure>
  );
}

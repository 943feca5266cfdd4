/** A model card as a PDF report: the same blocks, with the reliability picture drawn. Pure. */
import { drawXyChart } from '../report/draw-xy-chart.ts';
import type { ReportBlock, ReportDocument } from '../report/report-document.ts';
import type { CardBlock, ModelCard } from './model-card.ts';

const WIDTH_PT = 480;
const HEIGHT_PT = 190;

export function layOutCardReport(card: ModelCard): ReportDocument {
  return { ...card, kindOfDocument: 'model card', blocks: card.blocks.map(layOutBlock) };
}

function layOutBlock(block: CardBlock): ReportBlock {
  if (block.kind !== 'reliability') return block;
  const { caption, positiveClass, points } = block;
  const svg = drawXyChart({
    xLabel: `stated probability of ${positiveClass}`,
    yLabel: `share that is ${positiveClass}`,
    x: [0, 1],
    y: [0, 1],
    diagonal: true,
    widthPt: WIDTH_PT,
    heightPt: HEIGHT_PT,
    series: [
      {
        name: 'reliability',
        as: 'both',
        points: points.map(({ meanProbability, positiveShare }) => ({
          x: meanProbability,
          y: positiveShare,
        })),
      },
    ],
  });
  return { kind: 'figures', figures: [{ svg, caption }] };
}

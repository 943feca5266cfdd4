/** A chart of curves as a picture or a table in a file: with its title and a legend, which the page shows next to it. */

import { LegendComponent, TitleComponent } from 'echarts/components';
import type { EChartsCoreOption } from 'echarts/core';
import * as echarts from 'echarts/core';
import { nameFile, saveFile } from '../../ui/save-file.ts';
import type { ChartPalette } from '../chart-palette.ts';

echarts.use([LegendComponent, TitleComponent]);

type Picture = { title: string; option: EChartsCoreOption; names: readonly string[]; palette: ChartPalette };

const SIZE = { width: 960, height: 540 };
const PIXELS_A_POINT = 2;

export async function savePng(picture: Picture): Promise<void> {
  const chart = echarts.init(document.createElement('div'), null, SIZE);
  try {
    chart.setOption(completeOption(picture));
    const answer = await fetchBlob(
      chart.getDataURL({ pixelRatio: PIXELS_A_POINT, backgroundColor: picture.palette.surface }),
    );
    saveFile(answer, nameFile(picture.title, 'png'));
  } finally {
    chart.dispose();
  }
}

export async function saveSvg(picture: Picture): Promise<void> {
  const text = await drawSvg(picture);
  saveFile(new Blob([text], { type: 'image/svg+xml' }), nameFile(picture.title, 'svg'));
}

/** Stands on its own: nothing in it is loaded from elsewhere. */
export async function drawSvg(picture: Picture): Promise<string> {
  const { SVGRenderer } = await import('echarts/renderers');
  echarts.use([SVGRenderer]);
  const chart = echarts.init(null, null, { ...SIZE, renderer: 'svg', ssr: true });
  try {
    chart.setOption({ ...completeOption(picture), backgroundColor: picture.palette.surface });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function completeOption({ title, option, names, palette }: Picture): EChartsCoreOption {
  return {
    ...option,
    title: { text: title, left: 12, top: 8, textStyle: { color: palette.text, fontSize: 16 } },
    legend: {
      type: 'plain',
      data: [...names],
      left: 12,
      top: 34,
      icon: 'roundRect',
      itemHeight: 3,
      textStyle: { color: palette.muted },
    },
    grid: { left: 76, right: 24, top: 84, bottom: 44 },
  };
}

/** Without a request: the policy of the page allows none to the address of data. */
async function fetchBlob(address: string): Promise<Blob> {
  const [, base64 = ''] = address.split(',', 2);
  return new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: 'image/png' });
}

/** What the charts of a PDF share: colours, ticks at round numbers, text that is safe inside an SVG. Pure. */

/** Of runs, as on the light page; told apart by colour-blind readers too. */
export const REPORT_SERIES_COLORS = [
  '#2a97ef',
  '#6a4e00',
  '#879768',
  '#0046b9',
  '#383000',
  '#9c5559',
  '#745ee0',
  '#77183f',
] as const;

const TICKS_WANTED = 5;

/** Round numbers within the range, about five, with as many decimals as their distance needs. */
export function niceTicks([low, high]: readonly [number, number]): { value: number; text: string }[] {
  const rough = (high - low) / TICKS_WANTED;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough * 0.999) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / magnitude === 2.5 ? 1 : 0));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const value = (first + at) * step;
    return {
      value,
      text: value
        .toFixed(decimals)
        .replace(/^-(0(\.0+)?)$/, '$1')
        .replace('-', '−'),
    };
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them, so they are left out
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function escapeXml(text: string): string {
  return text
    .replace(NOT_IN_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

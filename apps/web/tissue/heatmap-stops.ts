/** The colours of the API's heatmaps at evenly spaced probabilities from 0 to 1: the legend of what it draws. */

export const HEATMAP_STOPS: readonly string[] = [
  'rgb(33 72 142)',
  'rgb(122 171 211)',
  'rgb(247 247 247)',
  'rgb(238 145 98)',
  'rgb(165 15 36)',
];

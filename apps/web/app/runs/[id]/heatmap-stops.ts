/** The colours of the API's heatmaps at evenly spaced probabilities from 0 to 1: the legend of what it draws. */

export const HEATMAP_STOPS: readonly string[] = ['#313695', '#74add1', '#ffffbf', '#f46d43', '#a50026'];

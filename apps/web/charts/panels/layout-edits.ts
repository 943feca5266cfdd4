/** What a person changes about the arrangement of charts. Each gives a new arrangement. Pure. */
import type { ChartArrangementFieldsFragment, ChartSection } from '../../graphql/generated/graphql.ts';

type Arrangement = ChartArrangementFieldsFragment['chartArrangement'];

export type LaidPanel = Omit<Arrangement['panels'][number], '__typename'>;
export type Layout = { panels: readonly LaidPanel[]; folded: readonly ChartSection[] };

/** All panels of one section as they stand, hidden ones too. */
type Standing = readonly string[];

const describe = (layout: Layout, key: string): LaidPanel =>
  layout.panels.find((panel) => panel.key === key) ?? {
    key,
    title: null,
    names: [],
    pattern: null,
    isLog: false,
    isHidden: false,
  };

/** Writes down the order of a section; panels of other sections, and of metrics that are not here, stay. */
function fixOrder(layout: Layout, standing: Standing): Layout {
  const others = layout.panels.filter(({ key }) => !standing.includes(key));
  return { ...layout, panels: [...standing.map((key) => describe(layout, key)), ...others] };
}

/** To the place of another panel; those between make room. */
export function movePanel(
  layout: Layout,
  { standing, key, to }: { standing: Standing; key: string; to: string },
): Layout {
  const place = standing.indexOf(to);
  if (place < 0 || key === to) return layout;
  const order = standing.filter((one) => one !== key);
  order.splice(place, 0, key);
  return fixOrder(layout, order);
}

export function changePanel(
  layout: Layout,
  { standing, key, change }: { standing: Standing; key: string; change: Partial<LaidPanel> },
): Layout {
  const fixed = fixOrder(layout, standing);
  return {
    ...fixed,
    panels: fixed.panels.map((panel) => (panel.key === key ? { ...panel, ...change } : panel)),
  };
}

export function addPanel(layout: Layout, added: Pick<LaidPanel, 'title' | 'names' | 'pattern'>): Layout {
  const taken = new Set(layout.panels.map(({ key }) => key));
  let number = 1;
  while (taken.has(`added-${number}`)) number++;
  const panel = { key: `added-${number}`, isLog: false, isHidden: false, ...added };
  return { ...layout, panels: [...layout.panels, panel] };
}

export function removePanel(layout: Layout, key: string): Layout {
  return { ...layout, panels: layout.panels.filter((panel) => panel.key !== key) };
}

export function foldSection(layout: Layout, section: ChartSection): Layout {
  const { folded } = layout;
  return {
    ...layout,
    folded: folded.includes(section) ? folded.filter((one) => one !== section) : [...folded, section],
  };
}

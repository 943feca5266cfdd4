/** The pages by name, and the acts that begin on a page of their own or with what is shown. Pure. */
import {
  Copy,
  FilePlus2,
  FileSearch,
  FlaskConical,
  GitCompareArrows,
  ImagePlus,
  KeyRound,
  Play,
  Scale,
  ScrollText,
  Search,
  Split,
  Users,
} from 'lucide-react';
import { NAVIGATION } from '../address/navigation.ts';
import { linkToComparison, linkToLaunch, linkToRuns, linkToSplits } from '../address/page-addresses.ts';
import { STRATEGIES, STRATEGY_TEXTS } from '../sweep/sweep-strategies.ts';
import type { Entry } from './entry.ts';

const PAGE_OF_RUN = /^\/runs\/([^/]+)$/;

type Shown = {
  pathname: string;
  /** Somebody is signed in. */
  hasAccount: boolean;
  mayManage: boolean;
};

export function listPageEntries({ hasAccount, mayManage }: Shown): Entry[] {
  const main = NAVIGATION.map(
    ({ href, label, icon }): Entry => ({ key: href, title: label, about: 'Page', icon, does: { href } }),
  );
  const page = (href: string, title: string, icon: Entry['icon']): Entry => ({
    key: href,
    title,
    about: 'Page',
    icon,
    does: { href },
  });
  return [
    ...main,
    ...(hasAccount ? [page('/account', 'Account and tokens', KeyRound)] : []),
    ...(mayManage ? [page('/members', 'Members', Users), page('/audit', 'Audit log', ScrollText)] : []),
  ];
}

export function listLinkedActs({ pathname }: Shown): Entry[] {
  const act = (title: string, href: string, icon: Entry['icon'], words = ''): Entry => ({
    key: `act ${href}`,
    title,
    about: 'Act',
    icon,
    words,
    does: { href },
  });
  const runId = PAGE_OF_RUN.exec(pathname)?.[1];
  return [
    ...(runId
      ? [
          act('Clone this run', linkToLaunch({ from: runId }), Copy, 'copy launch again'),
          act('Compare this run', linkToComparison([runId]), GitCompareArrows),
        ]
      : []),
    act('Launch a run', '/launch', Play, 'train start new'),
    act('Import patches', '/datasets/import', ImagePlus, 'dataset upload folder zip new'),
    act('Import slides', '/datasets/import/slides', ImagePlus, 'dataset upload cut new'),
    act('Create a split', linkToSplits({ create: true }), Split, 'new'),
    act('Audit a list for leaks', '/splits/audit', FileSearch, 'split check'),
    act('Create an experiment', '/experiments', FlaskConical, 'new question'),
    act('Compare runs', '/compare', GitCompareArrows),
    act('Evaluate a table of predictions', '/evaluate', Scale, 'score csv'),
    act('Register a model', '/models', FilePlus2, 'new version promote champion'),
    ...STRATEGIES.map((strategy) =>
      act(
        `Launch a sweep: ${STRATEGY_TEXTS[strategy].name}`,
        linkToLaunch({ sweep: strategy }),
        Play,
        'search hyperparameters',
      ),
    ),
  ];
}

/** Where the few that are found are not enough. */
export function entryOfRunSearch(typed: string): Entry {
  return {
    key: 'act search runs',
    title: `Runs with "${typed}" in their name`,
    about: 'All of them, in the table',
    icon: Search,
    does: { href: linkToRuns({ search: typed }) },
  };
}

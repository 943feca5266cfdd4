/** What was found on the server as places to go. Pure. */
import {
  Boxes,
  FileText,
  FlaskConical,
  GalleryThumbnails,
  Images,
  ListChecks,
  Microscope,
  Network,
  Split,
  UserRound,
} from 'lucide-react';
import { linkToReport, linkToViewer } from '../address/page-addresses.ts';
import { type FindRecordsQuery, FoundNoun } from '../graphql/generated/graphql.ts';
import type { Entry } from './entry.ts';

type Found = FindRecordsQuery['findRecords'][number];

type NounEntry = { name: string; icon: Entry['icon']; href: (found: Found) => string };

const NOUNS: Record<FoundNoun, NounEntry> = {
  [FoundNoun.Run]: { name: 'Run', icon: ListChecks, href: ({ id }) => `/runs/${id}` },
  [FoundNoun.Experiment]: {
    name: 'Experiment',
    icon: FlaskConical,
    href: ({ id }) => `/experiments/${id}`,
  },
  [FoundNoun.Sweep]: { name: 'Sweep', icon: Network, href: ({ id }) => `/sweeps/${id}` },
  [FoundNoun.Dataset]: { name: 'Dataset', icon: Images, href: ({ id }) => `/datasets/${id}` },
  [FoundNoun.Split]: { name: 'Split', icon: Split, href: ({ id }) => `/splits/${id}` },
  [FoundNoun.Model]: { name: 'Model', icon: Boxes, href: ({ id }) => `/models/${id}` },
  [FoundNoun.ModelVersion]: {
    name: 'Version',
    icon: Boxes,
    href: ({ modelId, versionNumber }) => `/models/${modelId}/versions/${versionNumber}`,
  },
  [FoundNoun.Patient]: {
    name: 'Unit',
    icon: UserRound,
    href: ({ slideId }) => linkToViewer({ slide: slideId ?? '' }),
  },
  [FoundNoun.Slide]: {
    name: 'Slide',
    icon: GalleryThumbnails,
    href: ({ id }) => linkToViewer({ slide: id }),
  },
  [FoundNoun.SlideAnalysis]: {
    name: 'Analysed slide',
    icon: Microscope,
    href: ({ id }) => linkToViewer({ analysis: id }),
  },
  [FoundNoun.Report]: { name: 'Report', icon: FileText, href: ({ id }) => linkToReport(id) },
};

export function entryOfFound(found: Found): Entry {
  const { name, icon, href } = NOUNS[found.noun];
  return {
    key: `${found.noun} ${found.id} ${found.place}`,
    title: found.name,
    about: found.place ? `${name} · ${found.place}` : name,
    icon,
    does: { href: href(found) },
  };
}

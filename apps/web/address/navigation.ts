/** The pages of the main navigation, in the order of the work: data, splits, questions, runs, models. */
import {
  Boxes,
  Cpu,
  FileText,
  FlaskConical,
  GitCompareArrows,
  Images,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Megaphone,
  Microscope,
  Play,
  Scale,
  ScanSearch,
  Split,
} from 'lucide-react';

type NavigationEntry = { href: string; label: string; icon: LucideIcon };

export const NAVIGATION: readonly NavigationEntry[] = [
  { href: '/', label: 'Overview', icon: LayoutDashboard },
  { href: '/datasets', label: 'Datasets', icon: Images },
  { href: '/splits', label: 'Splits', icon: Split },
  { href: '/experiments', label: 'Experiments', icon: FlaskConical },
  { href: '/launch', label: 'Launch', icon: Play },
  { href: '/runs', label: 'Runs', icon: ListChecks },
  { href: '/compare', label: 'Compare', icon: GitCompareArrows },
  { href: '/reports', label: 'Reports', icon: FileText },
  { href: '/evaluate', label: 'Evaluate', icon: Scale },
  { href: '/models', label: 'Models', icon: Boxes },
  { href: '/slide-analyses', label: 'Slides', icon: Microscope },
  { href: '/analyse', label: 'Analyse', icon: ScanSearch },
  { href: '/workers', label: 'Workers', icon: Cpu },
  { href: '/announcements', label: 'Announcements', icon: Megaphone },
];

/** A page is current on its own path and on the pages of its single items. */
export function isCurrent(href: string, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);
}

/** A new dataset from slides: how they are cut, what says what is on them, and what would come of it. */
import type { Metadata } from 'next';
import { SlidesView } from './slides-view.tsx';

export const metadata: Metadata = { title: 'Import slides' };

export default function ImportSlidesPage() {
  return <SlidesView />;
}

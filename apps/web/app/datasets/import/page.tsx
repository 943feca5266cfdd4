/** A new dataset: what lies where, what its files are, and what would come in. */
import type { Metadata } from 'next';
import { ImportView } from './import-view.tsx';

export const metadata: Metadata = { title: 'Import dataset' };

export default function ImportPage() {
  return <ImportView />;
}

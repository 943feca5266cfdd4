/** Where a slide under two runs was shown once: leads to the viewer, for links of that time. */
import { redirect } from 'next/navigation';
import { createLoader, type SearchParams } from 'nuqs/server';
import { COMPARED_SLIDE_PARAMETERS, linkToViewer } from '../../../address/page-addresses.ts';

const loadPlace = createLoader(COMPARED_SLIDE_PARAMETERS);

export default async function ComparedSlidePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { a, b, slide } = await loadPlace(searchParams);
  redirect(linkToViewer({ run: a, other: b, slide }));
}

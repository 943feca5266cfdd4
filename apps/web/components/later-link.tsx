'use client';
/**
 * A link whose page is fetched ahead once it is pointed at: a page has dozens of links, most are never followed, and each that is
 * fetched ahead is rendered by the server while the page itself is still on its way.
 */
import Link from 'next/link';
import { type ComponentProps, useState } from 'react';

export function LaterLink(props: ComponentProps<typeof Link>) {
  const [isWanted, setWanted] = useState(false);
  const want = () => setWanted(true);
  return <Link prefetch={isWanted ? null : false} onPointerEnter={want} onFocus={want} {...props} />;
}

'use client';
/**
 * A link whose page is fetched ahead once it is pointed at: a page has dozens of links, most are never followed, and each that is
 * fetched ahead is rendered by the server while the page itself is still on its way.
 */
import Link from 'next/link';
import { type ComponentProps, useState } from 'react';

export function LaterLink(props: ComponentProps<typeof Link>) {
  // By its address: the link may be given another one.
  const [wanted, setWanted] = useState<unknown>(null);
  const want = () => setWanted(props.href);
  return (
    <Link prefetch={wanted === props.href ? null : false} onPointerEnter={want} onFocus={want} {...props} />
  );
}

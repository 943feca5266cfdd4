/** The model card of one version. */
import type { Metadata } from 'next';
import { CardView } from './card-view.tsx';

export const metadata: Metadata = { title: 'Model card' };

type CardPageProps = { params: Promise<{ id: string; number: string }> };

export default async function CardPage({ params }: CardPageProps) {
  const { id, number } = await params;
  return <CardView modelId={id} number={Number(number)} />;
}

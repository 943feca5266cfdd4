/** The certificate of one split. */
import type { Metadata } from 'next';
import { CertificateView } from './certificate-view.tsx';

export const metadata: Metadata = { title: 'Certificate of a split' };

export default async function CertificatePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <CertificateView splitId={id} />;
}

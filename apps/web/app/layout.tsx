/** The frame of every page. Dynamic on purpose: nonce and the API's address are read per request, not at build time. */
import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { AccessProvider } from '../access/access-provider.tsx';
import { ApiProvider } from '../api/api-provider.tsx';
import { AppShell } from '../components/app-shell.tsx';
import { askEarly, EarlyQuestions } from '../components/early-questions.tsx';
import { ThemeFrame } from '../components/theme-frame.tsx';
import { NONCE_HEADER } from '../content-policy.ts';
import { readWebEnv } from '../env.ts';
import { AccessDocument, MetricCatalogueDocument } from '../graphql/generated/graphql.ts';
import { MetricCatalogueProvider } from '../metrics/metric-catalogue-provider.tsx';
import { NotificationProvider } from '../notifications/notification-provider.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Microtome', template: '%s · Microtome' },
  description: 'Experiment tracking and training for computational pathology, with splits by patient.',
};

const OF_EVERY_PAGE = [askEarly(AccessDocument, {}), askEarly(MetricCatalogueDocument, {})];

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get(NONCE_HEADER) ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <EarlyQuestions questions={OF_EVERY_PAGE} />
        <ThemeFrame nonce={nonce}>
          <ApiProvider location={readWebEnv()}>
            <NuqsAdapter>
              <MetricCatalogueProvider>
                <AccessProvider>
                  <NotificationProvider>
                    <AppShell>{children}</AppShell>
                  </NotificationProvider>
                </AccessProvider>
              </MetricCatalogueProvider>
            </NuqsAdapter>
          </ApiProvider>
        </ThemeFrame>
      </body>
    </html>
  );
}

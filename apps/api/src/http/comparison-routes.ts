/** A comparison as a report: GET /comparison.pdf?runs=ID,ID…&reference=ID&shared=true, and comparison.html, with the content of compareRuns. */
import { AppError } from '@microtome/domain/app-error';
import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { buildComparisonReport } from '../comparison/build-comparison-report.ts';
import { gatherComparisonEvidence } from '../comparison/gather-comparison-evidence.ts';
import { parseRecordId } from '../graphql/record-id.ts';
import type { ApiServices } from '../services.ts';
import type { RouteDescription } from './route-description.ts';
import { nameFormat, REPORT_FORMATS, REPORT_TYPES, type ReportFormat, sendReport } from './send-report.ts';

const comparisonQuery = z.object({
  runs: z.string().min(1),
  reference: z.string().optional(),
  shared: z.enum(['true', 'false']).default('false'),
});

export const COMPARISON_ROUTES: readonly RouteDescription[] = REPORT_FORMATS.map((format) => ({
  method: 'GET',
  path: `/comparison.${format}`,
  about: `The comparison of runs as a report (${nameFormat(format)}), with the content of the query \`compareRuns\`.`,
  query: {
    runs: 'ids of the runs, separated by commas',
    reference: 'id of the run that the others are compared with',
    shared: 'true: only patients that all of the runs have',
  },
  gives: REPORT_TYPES[format],
}));

export function addComparisonRoutes(router: Router, services: ApiServices): void {
  for (const reportFormat of REPORT_FORMATS) {
    router.get(`/comparison.${reportFormat}`, (request, response) =>
      sendComparison(services, { format: reportFormat, request, response }),
    );
  }
}

type Asked = { format: ReportFormat; request: Request; response: Response };

async function sendComparison(services: ApiServices, { format, request, response }: Asked): Promise<void> {
  const parsed = comparisonQuery.safeParse(request.query);
  if (!parsed.success) {
    throw new AppError(
      'BAD_INPUT',
      `Name the runs: /comparison.${format}?runs=ID,ID (reference=ID, shared=true).`,
    );
  }
  const { runs, reference, shared } = parsed.data;
  const evidence = await gatherComparisonEvidence(services, {
    runIds: runs.split(',').map((runId) => parseRecordId(runId.trim(), 'run')),
    referenceId: reference ? parseRecordId(reference, 'run') : null,
    sharedPatientsOnly: shared === 'true',
  });
  const report = buildComparisonReport(evidence);
  const { background } = services;
  await sendReport({ background, report, format, fileName: 'comparison', request, response });
}

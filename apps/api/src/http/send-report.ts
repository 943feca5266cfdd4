/** Sends a report as a download, a PDF or one HTML file, or that the client's copy is still current. */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Background } from '../background/background.ts';
import { renderHtml } from '../report/render-html.ts';
import type { ReportDocument } from '../report/report-document.ts';

/** As endings of paths. */
export const REPORT_FORMATS = ['pdf', 'html'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const REPORT_TYPES: Record<ReportFormat, string> = { pdf: 'application/pdf', html: 'text/html' };

/** In a sentence about a route. */
export function nameFormat(format: ReportFormat): string {
  return format === 'html' ? 'one HTML file that opens without a network' : 'a PDF';
}

export async function sendReport(sending: {
  background: Background;
  report: ReportDocument;
  format: ReportFormat;
  /** Without the ending. */
  fileName: string;
  request: Request;
  response: Response;
}): Promise<void> {
  const { background, report, format, fileName, request, response } = sending;
  const digest = createHash('sha256')
    .update(JSON.stringify([format, report]))
    .digest('hex');
  response.setHeader('etag', `"${digest.slice(0, 32)}"`);
  // The content changes when TEST is opened or an alias moves, so the client asks again each time.
  response.setHeader('cache-control', 'no-cache');
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const bytes = format === 'html' ? renderHtml(report) : await background.renderReport(report);
  response.attachment(`${fileName}.${format}`).type(REPORT_TYPES[format]).send(Buffer.from(bytes));
}

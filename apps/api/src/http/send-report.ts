/** Sends a report as a PDF download, or that the client's copy is still current. */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Background } from '../background/background.ts';
import type { ReportDocument } from '../report/report-document.ts';

export async function sendReport(sending: {
  background: Background;
  report: ReportDocument;
  /** Without the ending. */
  fileName: string;
  request: Request;
  response: Response;
}): Promise<void> {
  const { background, report, fileName, request, response } = sending;
  const digest = createHash('sha256').update(JSON.stringify(report)).digest('hex');
  response.setHeader('etag', `"${digest.slice(0, 32)}"`);
  // The content changes when TEST is opened or an alias moves, so the client asks again each time.
  response.setHeader('cache-control', 'no-cache');
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const pdf = await background.renderReport(report);
  response.attachment(`${fileName}.pdf`).type('application/pdf').send(Buffer.from(pdf));
}

/** A split's certificate as a download, GET /splits/:id/certificate.pdf, certificate.html and certificate.json, and its list.csv. */
import type { Request, Response, Router } from 'express';
import { parseRecordId } from '../graphql/record-id.ts';
import type { ApiServices } from '../services.ts';
import { layOutCertificate } from '../split-certificate/lay-out-certificate.ts';
import { makeSplitCertificate } from '../split-certificate/make-split-certificate.ts';
import type { RouteDescription } from './route-description.ts';
import { nameFormat, REPORT_FORMATS, REPORT_TYPES, sendReport } from './send-report.ts';

type Named = { id: string };

export const SPLIT_ROUTES: readonly RouteDescription[] = [
  ...REPORT_FORMATS.map(
    (format): RouteDescription => ({
      method: 'GET',
      path: `/splits/:id/certificate.${format}`,
      about: `The certificate of a split (${nameFormat(format)}): counts by side, digests of the lists of ids, what was checked and found.`,
      gives: REPORT_TYPES[format],
    }),
  ),
  {
    method: 'GET',
    path: '/splits/:id/certificate.json',
    about: 'The same certificate for programs.',
    gives: 'application/json',
  },
  {
    method: 'GET',
    path: '/splits/:id/list.csv',
    about: 'The split as a list of ids and sides, as `npm run import-split` takes it.',
    gives: 'text/csv',
  },
];

export function addSplitRoutes(router: Router, services: ApiServices): void {
  const make = ({ params }: Request<Named>) =>
    makeSplitCertificate(services, parseRecordId(params.id, 'split'));
  for (const reportFormat of REPORT_FORMATS) {
    router.get(`/splits/:id/certificate.${reportFormat}`, async (request: Request<Named>, response) => {
      const { certificate, split } = await make(request);
      const { background } = services;
      const report = layOutCertificate(certificate, split.createdAt);
      await sendReport({
        background,
        report,
        format: reportFormat,
        fileName: 'certificate',
        request,
        response,
      });
    });
  }
  router.get('/splits/:id/certificate.json', async (request: Request<Named>, response) => {
    const { certificate } = await make(request);
    sendText(response, { name: 'certificate.json', text: `${JSON.stringify(certificate, null, 2)}\n` });
  });
  router.get('/splits/:id/list.csv', async (request: Request<Named>, response) => {
    const { list } = await make(request);
    sendText(response, { name: 'list.csv', text: list });
  });
}

/** The verdict changes once the audit is made, so the client asks again each time. */
function sendText(response: Response, { name, text }: { name: string; text: string }): void {
  response.setHeader('cache-control', 'no-cache');
  response.attachment(name).send(text);
}

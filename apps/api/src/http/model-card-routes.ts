/** A version's card as a download: GET /models/:modelId/versions/:number/card.pdf, card.html and card.md. */
import { AppError } from '@microtome/domain/app-error';
import type { Request, Router } from 'express';
import { parseRecordId } from '../graphql/record-id.ts';
import { buildModelCard } from '../model-card/build-model-card.ts';
import { gatherCardEvidence } from '../model-card/gather-card-evidence.ts';
import { layOutCardReport } from '../model-card/lay-out-card-report.ts';
import type { ModelCard } from '../model-card/model-card.ts';
import { writeCardMarkdown } from '../model-card/write-card-markdown.ts';
import type { ApiServices } from '../services.ts';
import type { RouteDescription } from './route-description.ts';
import { nameFormat, REPORT_FORMATS, REPORT_TYPES, sendReport } from './send-report.ts';

type Named = { modelId: string; number: string };

export const MODEL_CARD_ROUTES: readonly RouteDescription[] = [
  ...REPORT_FORMATS.map(
    (format): RouteDescription => ({
      method: 'GET',
      path: `/models/:modelId/versions/:number/card.${format}`,
      about: `The card of a model version as a report (${nameFormat(format)}).`,
      gives: REPORT_TYPES[format],
    }),
  ),
  {
    method: 'GET',
    path: '/models/:modelId/versions/:number/card.md',
    about: 'The card of a model version as text.',
    gives: 'text/markdown',
  },
];

export function addModelCardRoutes(router: Router, services: ApiServices): void {
  for (const reportFormat of REPORT_FORMATS) {
    const path = `/models/:modelId/versions/:number/card.${reportFormat}`;
    router.get(path, async (request: Request<Named>, response) => {
      const card = await makeCard(services, request.params);
      const { background } = services;
      const report = layOutCardReport(card);
      await sendReport({
        background,
        report,
        format: reportFormat,
        fileName: nameFile(card),
        request,
        response,
      });
    });
  }
  router.get('/models/:modelId/versions/:number/card.md', async (request: Request<Named>, response) => {
    const card = await makeCard(services, request.params);
    response.setHeader('cache-control', 'no-cache');
    response
      .attachment(`${nameFile(card)}.md`)
      .type('text/markdown')
      .send(writeCardMarkdown(card));
  });
}

async function makeCard(services: ApiServices, { modelId, number }: Named): Promise<ModelCard> {
  const id = parseRecordId(modelId, 'model');
  const version = /^[1-9]\d{0,8}$/.test(number)
    ? await services.store.database.prisma.modelVersion.findUnique({
        where: { modelId_number: { modelId: id, number: Number(number) } },
        select: { id: true },
      })
    : null;
  if (!version) throw new AppError('NOT_FOUND', `Model '${modelId}' has no version ${number}.`);
  return buildModelCard(await gatherCardEvidence(services, version.id));
}

/** Names of models hold nothing that a file's name may not. */
function nameFile({ title }: ModelCard): string {
  return `card-${title.replace(', version ', '-v')}`;
}

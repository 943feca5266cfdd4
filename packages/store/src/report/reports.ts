/**
 * Reports: pages of Markdown with panels of runs in them. Two people may write one at once: a change names the version that it is
 * to, and whoever comes second is told. A frozen report keeps what its panels showed, and does not change until it is thawed.
 */
import { AppError } from '@microtome/domain/app-error';
import { parseReport } from '@microtome/domain/report/parse-report';
import { checkPerson, checkText } from '@microtome/domain/text-rules';
import type { Report } from '../../generated/prisma/client.ts';
import type { PairMeans } from '../comparison/measure-pair.ts';
import type { Transaction } from '../database/database.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import type { Store } from '../store.ts';
import { gatherPanels } from './gather-panels.ts';

/** In one project. */
const REPORTS_MAX = 5_000;

type NewReport = { projectId: string; name: string; body?: string | undefined; author?: string | undefined };

/** @throws AppError NOT_FOUND; BAD_INPUT for texts that do not fit; CONFLICT for a name in use, or too many reports */
export async function createReport(store: Store, request: NewReport): Promise<Report> {
  const { projectId } = request;
  const name = checkText(request.name, 'reportName');
  const body = checkBody(request.body ?? '');
  const author = checkPerson(request.author);
  return store.database.prisma
    .$transaction(async (tx) => {
      const [project] = await tx.$queryRaw<{ name: string }[]>`
        select name from project where id = ${projectId}::uuid for no key update`;
      if (!project) throw new AppError('NOT_FOUND', `There is no project '${projectId}'.`);
      if ((await tx.report.count({ where: { projectId } })) >= REPORTS_MAX) {
        const most = `Project '${project.name}' has ${REPORTS_MAX} reports, the most that fit`;
        throw new AppError('CONFLICT', `${most}: delete one that is not used.`);
      }
      return tx.report.create({ data: { projectId, name, body, author, changedBy: author } });
    })
    .catch((error: unknown) => rethrowTaken(error, describeTaken(name)));
}

type ReportChange = {
  id: string;
  /** Of the text that was changed. */
  version: number;
  name?: string | undefined;
  body?: string | undefined;
  changedBy?: string | undefined;
};

/**
 * What is left out stays.
 * @throws AppError NOT_FOUND; BAD_INPUT for texts that do not fit; CONFLICT when it was changed meanwhile, is frozen, or for a name in use
 */
export async function changeReport(store: Store, change: ReportChange): Promise<Report> {
  const { id, version } = change;
  const name = change.name === undefined ? undefined : checkText(change.name, 'reportName');
  const body = change.body === undefined ? undefined : checkBody(change.body);
  const changedBy = checkPerson(change.changedBy);
  return store.database.prisma
    .$transaction(async (tx) => {
      const { isFrozen } = await lockReport(tx, { id, version });
      if (isFrozen) throw refuseFrozen(isFrozen);
      return tx.report.update({
        where: { id },
        data: {
          ...(name === undefined ? {} : { name }),
          ...(body === undefined ? {} : { body }),
          version: version + 1,
          changedBy,
          changedAt: new Date(),
        },
      });
    })
    .catch((error: unknown) => rethrowTaken(error, describeTaken(name ?? '')));
}

type Freezing = { id: string; version: number; frozenBy?: string | undefined };

/**
 * Keeps what every panel shows now.
 * @throws AppError NOT_FOUND; CONFLICT when it was changed meanwhile or is frozen already
 */
export async function freezeReport(store: Store, request: Freezing, pairs: PairMeans = {}): Promise<Report> {
  const { id, version } = request;
  const frozenBy = checkPerson(request.frozenBy);
  const report = await getReport(store, id);
  const panels = await gatherPanels(store, { ...report, pairs });
  return store.database.prisma.$transaction(async (tx) => {
    const { isFrozen } = await lockReport(tx, { id, version });
    if (isFrozen) throw refuseFrozen(isFrozen);
    await tx.reportFreeze.create({ data: { reportId: id, version, panels, frozenBy } });
    return report;
  });
}

/** One that is not frozen stays as it is. @throws AppError NOT_FOUND */
export async function thawReport(store: Store, id: string): Promise<Report> {
  await store.database.prisma.reportFreeze.deleteMany({ where: { reportId: id } });
  return getReport(store, id);
}

/** With what it was frozen with. @throws AppError NOT_FOUND */
export async function deleteReport({ database: { prisma } }: Store, id: string): Promise<void> {
  const { count } = await prisma.report.deleteMany({ where: { id } });
  if (count === 0) throw describeMissing(id);
}

async function getReport({ database: { prisma } }: Store, id: string): Promise<Report> {
  const report = await prisma.report.findUnique({ where: { id } });
  if (!report) throw describeMissing(id);
  return report;
}

/** It is of this version until the end of the transaction. `isFrozen` says by whom, and is null where it is not. */
async function lockReport(
  tx: Transaction,
  { id, version }: { id: string; version: number },
): Promise<{ isFrozen: { name: string; frozenBy: string } | null }> {
  const [report] = await tx.$queryRaw<{ name: string; version: number; changedBy: string }[]>`
    select name, version, changed_by as "changedBy" from report where id = ${id}::uuid for no key update`;
  if (!report) throw describeMissing(id);
  if (report.version !== version) {
    throw new AppError(
      'CONFLICT',
      `${report.changedBy} has changed the report '${report.name}' meanwhile: yours is a change to version ${version}, it is at ${report.version}. Nothing of it was overwritten.`,
    );
  }
  const freeze = await tx.reportFreeze.findUnique({ where: { reportId: id }, select: { frozenBy: true } });
  return { isFrozen: freeze && { name: report.name, frozenBy: freeze.frozenBy } };
}

/** Panels that do not fit are kept, and say so where they stand: a draft is not lost for them. */
function checkBody(text: string): string {
  const body = checkText(text, 'reportBody');
  parseReport(body);
  return body;
}

function refuseFrozen({ name, frozenBy }: { name: string; frozenBy: string }): AppError {
  return new AppError('CONFLICT', `The report '${name}' was frozen by ${frozenBy}: thaw it first.`);
}

const describeMissing = (id: string) => new AppError('NOT_FOUND', `There is no report '${id}'.`);

const describeTaken = (name: string) =>
  `There is a report '${name}' in this project already: choose another name.`;

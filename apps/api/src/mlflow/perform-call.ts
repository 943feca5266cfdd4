/** Answers one call for who asks: judged first, and put on record where it writes. */
import type { AuditSubject } from '@microtome/store/access/audit-log';
import type { Response } from 'express';
import { readAccountId } from '../access/access.ts';
import { readAccess } from '../access/access-gate.ts';
import { beginRecord } from '../access/record-act.ts';
import type { ApiServices } from '../services.ts';
import { type JudgedCall, judgeCall } from './judge-call.ts';
import { collectNames, type NamedRecords } from './named-records.ts';

type Call = {
  /** Below `/api/2.0/mlflow`. */
  path: string;
  writes: boolean;
  /** All that the request says. */
  asked: Record<string, unknown>;
  project: string | null;
  response: Response;
};
type Asker = Pick<JudgedCall, 'store'> & { accountId: string | null };

export async function performCall<Answer>(
  services: ApiServices,
  { path, writes, asked, project, response }: Call,
  answer: (asker: Asker) => Promise<Answer>,
): Promise<Answer> {
  const access = readAccess(response);
  const { principal } = access;
  const named = collectNames(path, asked);
  if (!writes) {
    const { store } = await judgeCall({ services, principal, writes, named, project });
    return answer({ store, accountId: readAccountId(access) });
  }
  const subject = findSubject(named);
  const act = {
    name: `mlflow ${path}`,
    subject,
    asked,
    access,
    requestId: String(response.locals.requestId),
  };
  const begin = (projectIds: readonly string[]) => beginRecord(services, { ...act, projectIds });
  const judged = await judgeCall({ services, principal, writes, named, project }).catch(
    async (error: unknown) => {
      const touched = subject
        ? await services.projects.find(subject.noun, [subject.id])
        : new Map<string, string[]>();
      await (await begin([...touched.values()].flat())).end({ error: describe(error) });
      throw error;
    },
  );
  const recording = await begin(judged.projectIds);
  try {
    const answered = await answer({ store: judged.store, accountId: readAccountId(access) });
    const made = findMade(answered);
    await recording.end({ error: null, made: made?.id === subject?.id ? null : made });
    return answered;
  } catch (error) {
    await recording.end({ error: describe(error) });
    throw error;
  }
}

type KeptSubject = AuditSubject & { noun: 'run' | 'experiment' | 'loggedModel' };

function findSubject({ run, loggedModel, experiment }: NamedRecords): KeptSubject | null {
  if (run[0]) return { noun: 'run', id: run[0] };
  if (loggedModel[0]) return { noun: 'loggedModel', id: loggedModel[0] };
  return experiment[0] ? { noun: 'experiment', id: experiment[0] } : null;
}

/** What a call says that it made. */
function findMade(answered: unknown): AuditSubject | null {
  const {
    run,
    model,
    experiment_id: experimentId,
  } = (answered ?? {}) as {
    run?: { info?: { run_id?: string } };
    model?: { info?: { model_id?: string } };
    experiment_id?: string;
  };
  if (run?.info?.run_id) return { noun: 'run', id: run.info.run_id };
  if (model?.info?.model_id) return { noun: 'loggedModel', id: model.info.model_id };
  return experimentId ? { noun: 'experiment', id: experimentId } : null;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

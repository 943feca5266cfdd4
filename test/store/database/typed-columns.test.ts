/** JSON and closed lists of words: typed where they are declared, parsed where they leave the database, cast nowhere. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from '@babel/parser';
import { type Node, VISITOR_KEYS } from '@babel/types';
import { ROLES } from '@microtome/domain/access/role';
import { ANNOUNCEMENT_KINDS } from '@microtome/domain/announcement/announcement';
import { DELIVERY_STATUSES } from '@microtome/domain/announcement/delivery';
import { RECEIVER_MEDIA } from '@microtome/domain/announcement/receiver';
import { EXTERNAL_EVALUATION_STATUSES } from '@microtome/domain/external-evaluation/external-evaluation-status';
import { LOGGED_MODEL_STATUSES, MODEL_LINK_KINDS, MODEL_STAGES } from '@microtome/domain/mlflow/mlflow-words';
import { MODEL_CHECK_STATUSES } from '@microtome/domain/model-check/model-check';
import { OUTLINE_ROLES } from '@microtome/domain/outline/drawn-outline';
import { PROMOTION_ACTS } from '@microtome/domain/promotion/promotion-act';
import { ATTEMPT_OUTCOMES, RUN_EVENT_KINDS } from '@microtome/domain/run/run-event';
import { RUN_ORIGINS } from '@microtome/domain/run/run-origin';
import { RUN_STATUSES } from '@microtome/domain/run/run-status';
import { SERIES_OWNERS } from '@microtome/domain/run/series-owner';
import { SLIDE_ANALYSIS_STATUSES } from '@microtome/domain/slide-analysis/analysis-status';
import { findFractions, SPLIT_KINDS, SPLIT_STRATEGIES } from '@microtome/domain/split/split';
import { SUBSETS } from '@microtome/domain/split/subset';
import { SWEEP_STRATEGIES } from '@microtome/domain/sweep/sweep';
import { TASK_SIDES } from '@microtome/domain/task/task';
import { SPLITTING_UNITS } from '@microtome/domain/unit/splitting-unit';
import { COLUMN_READERS } from '@microtome/store/database/column-readers';
import {
  DELETION_KINDS,
  IMPORT_PHASES,
  IMPORT_STATUSES,
  RUN_PHASES,
  SHARD_KINDS,
  WORKER_STATUSES,
} from '@microtome/store/database/column-words';
import { describe, expect, it } from 'vitest';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';
import { listTypedColumns } from './typed-columns.ts';

/** Their words come from `run.split_kind` by foreign key. */
const HELD_BY_FOREIGN_KEY = ['model_version.split_kind', 'promotion.split_kind'];
const WORDS: Record<string, readonly string[]> = {
  'dataset_import.status': IMPORT_STATUSES,
  'dataset_import.phase': IMPORT_PHASES,
  'dataset.unit': SPLITTING_UNITS,
  'dataset_shard.kind': SHARD_KINDS,
  'patch.given_subset': SUBSETS,
  'slide_outline.role': OUTLINE_ROLES,
  'split.kind': SPLIT_KINDS,
  'split.strategy': SPLIT_STRATEGIES,
  'split_patient.split_kind': ['PATIENT'],
  'split_patient.subset': SUBSETS,
  'split_site.subset': SUBSETS,
  'sweep.strategy': SWEEP_STRATEGIES,
  'task.sides': TASK_SIDES,
  'run.split_kind': SPLIT_KINDS,
  'run.origin': RUN_ORIGINS,
  'run.status': RUN_STATUSES,
  'metric.owner': SERIES_OWNERS,
  'metric_summary.owner': SERIES_OWNERS,
  'run_attempt.outcome': ATTEMPT_OUTCOMES,
  'run_event.kind': RUN_EVENT_KINDS,
  'run_progress.phase': RUN_PHASES,
  'evaluation.subset': SUBSETS.filter((subset) => subset !== 'TRAIN'),
  'run_figure.subset': SUBSETS.filter((subset) => subset !== 'TRAIN'),
  'external_evaluation.status': EXTERNAL_EVALUATION_STATUSES,
  'model_check.status': MODEL_CHECK_STATUSES,
  'slide_analysis.status': SLIDE_ANALYSIS_STATUSES,
  'promotion.act': PROMOTION_ACTS,
  'worker.status': WORKER_STATUSES,
  'deletion.kind': DELETION_KINDS,
  'announcement.kind': ANNOUNCEMENT_KINDS,
  'receiver.medium': RECEIVER_MEDIA,
  'receiver.kinds': ANNOUNCEMENT_KINDS,
  'delivery.status': DELIVERY_STATUSES,
  'logged_model.status': LOGGED_MODEL_STATUSES,
  'run_model_link.kind': MODEL_LINK_KINDS,
  'mlflow_version.stage': MODEL_STAGES,
  'project_member.role': ROLES,
};

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** The engine knows no database, and what it calls a backend is another thing. */
const ENGINE = 'workers/train/src/engine/';
const WORKSPACES = ['packages/store/src', 'apps/api/src', 'apps/cli/src', 'workers/train/src'];

const { store, bench } = await openBench();
const { prisma, pool } = store.database;
const columns = listTypedColumns();

describe('columns of JSON and of words', () => {
  it('each have a type in schema.prisma', () => {
    expect(columns.length).toBeGreaterThan(30);
    expect(columns.filter(({ type }) => type === null)).toEqual([]);
  });

  it('of JSON each have a reader', () => {
    const readers: Record<string, object> = COLUMN_READERS;
    const unread = columns
      .filter(({ isJson }) => isJson)
      .filter(({ model, field }) => !(field in (readers[model] ?? {})));
    expect(unread).toEqual([]);
  });

  it('of words have a CHECK with the very words of their type', async () => {
    const { rows } = await pool.query<{ place: string; words: string[] }>(`
      select conrelid::regclass || '.' || attname as place,
        array(select m[1] from regexp_matches(part, '''([^'']+)''::text', 'g') as m) as words
      from pg_constraint
        cross join regexp_split_to_table(pg_get_constraintdef(pg_constraint.oid), ' AND ') as part
        join pg_attribute on attrelid = conrelid
          and part ~ ('^[ (CHEK]*' || attname || ' (<@ ARRAY|= (ANY [(]ARRAY|''[A-Z]+''::text[)]*$))')
      where contype = 'c' and connamespace = 'public'::regnamespace`);
    // Other CHECKs name some of the words: a list of all of them is the longest.
    const byLength = rows.toSorted((a, b) => a.words.length - b.words.length);
    const checked = Object.fromEntries(byLength.map(({ place, words }) => [place, words.sort()]));
    const places = columns.filter(({ isJson, place }) => !isJson && !HELD_BY_FOREIGN_KEY.includes(place));
    expect(Object.fromEntries(places.map(({ place }) => [place, checked[place]]))).toEqual(
      Object.fromEntries(places.map(({ place }) => [place, [...(WORDS[place] ?? [])].sort()])),
    );
  });

  it('are cast nowhere outside the place where they are read', () => {
    const fields = new Set(columns.map(({ field }) => field));
    const files = execFileSync(
      'git',
      ['ls-files', '--cached', '--others', '--exclude-standard', ...WORKSPACES],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    )
      .split('\n')
      .filter((file) => file.endsWith('.ts') && !file.startsWith(ENGINE))
      .filter((file) => !file.startsWith('packages/store/src/database/column-'));
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap((file) => listCasts(file, fields))).toEqual([]);
  });
});

describe('a row of another version', () => {
  it('is completed with what it lacks, through relations and in transactions too', async () => {
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run);
    await overwrite(
      `update run set hyperparameters = hyperparameters - 'deterministic' where id = $1`,
      run.id,
    );
    await overwrite(`update evaluation set metrics = metrics - 'eceTopLabel' where run_id = $1`, run.id);
    await overwrite(`update split set audit = '{"passed": true}' where id = $1`, bench.split.id);
    const query = {
      where: { id: run.id },
      include: { evaluations: true, split: { select: { audit: true } } },
    };
    const found = await prisma.run.findUniqueOrThrow(query);
    expect(found.hyperparameters).toEqual(run.hyperparameters);
    expect(found.evaluations[0]!.metrics).toMatchObject({ auc: 0.8, eceTopLabel: null });
    expect(found.split?.audit).toMatchObject({ passed: true, reasons: [], noPixelBaseline: { auc: null } });
    const [updated] = await prisma.$transaction((tx) =>
      tx.run.updateManyAndReturn({ where: { id: run.id }, data: { notes: 'read again' } }),
    );
    expect(updated!.hyperparameters.deterministic).toBe(false);
    expect(structuredClone(updated)).toEqual(updated);
  });

  it('keeps hyperparameters that are unknown or out of range today, so that the run can still be looked at', async () => {
    const { id } = await launchTestRun(store, bench);
    await overwrite(
      `update run set hyperparameters = hyperparameters || '{"retired": 1, "optimizer": "rprop"}' where id = $1`,
      id,
    );
    const { hyperparameters } = await prisma.run.findUniqueOrThrow({ where: { id } });
    expect(hyperparameters).toMatchObject({ retired: 1, optimizer: 'rprop' });
  });

  it('has no fractions where its strategy took none', () => {
    expect(findFractions({})).toBeNull();
    expect(findFractions(bench.split.fractions)).toEqual({ train: 0.6, validation: 0.2, test: 0.2 });
  });
});

describe('a damaged value', () => {
  it('is named in a sentence when it is looked at, and takes nothing else down', async () => {
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run);
    await overwrite(`update evaluation set metrics = metrics || '{"auc": "high"}' where run_id = $1`, run.id);
    await overwrite(`update run set hyperparameters = '{"epochs": "ten"}' where id = $1`, run.id);
    const row = await prisma.run.findUniqueOrThrow({
      where: { id: run.id },
      include: { evaluations: true, events: { orderBy: { seq: 'asc' } } },
    });
    expect(row.status).toBe('SUCCEEDED');
    expect(row.events[0]!.payload).toEqual({ status: 'QUEUED' });
    const [evaluation] = row.evaluations;
    expect(() => evaluation!.metrics.auc).toThrow(
      `'metrics' of Evaluation, runId ${run.id}, subset VALIDATION was damaged or written by another version: auc:`,
    );
    expect(() => row.hyperparameters).toThrow(`'hyperparameters' of Run, id ${run.id}`);
  });
});

/** Past the triggers that keep such rows from changing. */
async function overwrite(statement: string, id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`set local session_replication_role = 'replica'`);
    const { rowCount } = await client.query(statement, [id]);
    await client.query('commit');
    expect(rowCount).toBe(1);
  } finally {
    client.release();
  }
}

/** Casts of what goes by the name of such a column, and casts to Prisma's types for JSON. */
function listCasts(file: string, fields: ReadonlySet<string>): string[] {
  const source = readFileSync(`${ROOT}/${file}`, 'utf8');
  const found: string[] = [];
  visit(parse(source, { sourceType: 'module', plugins: ['typescript'] }).program, (node) => {
    if (node.type !== 'TSAsExpression' || isConst(node.typeAnnotation)) return;
    const toPrisma = /\bPrisma\.(Input)?Json/.test(
      source.slice(node.typeAnnotation.start!, node.typeAnnotation.end!),
    );
    const cast = toPrisma || listNames(node.expression).some((name) => fields.has(name));
    if (cast) found.push(`${file}:${node.loc!.start.line} ${source.slice(node.start!, node.end!)}`);
  });
  return found;
}

function isConst(type: Node): boolean {
  return (
    type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'const'
  );
}

/** The names by which a value may be what it is: `row.metrics ?? {}` is `metrics`; what a call gives has none. */
function listNames(node: Node): string[] {
  switch (node.type) {
    case 'Identifier':
      return [node.name];
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return node.computed ? listNames(node.object) : listNames(node.property);
    case 'LogicalExpression':
      return [...listNames(node.left), ...listNames(node.right)];
    case 'ConditionalExpression':
      return [...listNames(node.consequent), ...listNames(node.alternate)];
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return listNames(node.expression);
    default:
      return [];
  }
}

function visit(node: Node, enter: (node: Node) => void): void {
  enter(node);
  for (const key of VISITOR_KEYS[node.type] ?? []) {
    const value = node[key as keyof Node] as unknown as Node | (Node | null)[] | null;
    for (const child of Array.isArray(value) ? value : [value]) if (child) visit(child, enter);
  }
}

/**
 * How often TEST of a split may be opened: a promise that is made before it is tempting to break it. A later one may raise
 * it, for all to see; the database refuses an opening beyond the newest.
 */
import { AppError } from '@microtome/domain/app-error';
import { countNoun } from '@microtome/domain/count-noun';
import { checkPerson, checkText } from '@microtome/domain/text-rules';
import type { TestBudget } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';

export const TEST_BUDGET_MAX = 10_000;

type BudgetRequest = { splitId: string; openings: number; reason: string; setBy?: string | undefined };

/** @throws AppError NOT_FOUND; BAD_INPUT for a budget that is none; CONFLICT when TEST was opened more often already */
export async function setTestBudget(store: Store, request: BudgetRequest): Promise<TestBudget> {
  const { splitId, openings } = request;
  const reason = checkText(request.reason, 'reason');
  const setBy = checkPerson(request.setBy);
  if (!Number.isInteger(openings) || openings < 0 || openings > TEST_BUDGET_MAX) {
    const limit = TEST_BUDGET_MAX.toLocaleString('en');
    throw new AppError(
      'BAD_INPUT',
      `A budget of TEST is a whole number from 0 to ${limit}, not ${openings}.`,
      { details: { field: 'openings' } },
    );
  }
  return store.database.prisma.$transaction(async (tx) => {
    const { name, opened } = await lockTest(tx, splitId);
    if (openings < opened) {
      const was = `TEST of split '${name}' was opened ${countNoun(opened, 'time')} already`;
      throw new AppError('CONFLICT', `${was}: a budget of ${openings} comes too late.`, {
        details: { field: 'openings' },
      });
    }
    const number = 1 + (await tx.testBudget.count({ where: { splitId } }));
    return tx.testBudget.create({ data: { splitId, number, openings, setBy, reason } });
  });
}

/** Called before each opening, in its transaction. @throws AppError CONFLICT when there is none left */
export async function spendTestBudget(tx: Transaction, splitId: string): Promise<void> {
  const { name, opened } = await lockTest(tx, splitId);
  const budget = await tx.testBudget.findFirst({ where: { splitId }, orderBy: { number: 'desc' } });
  if (!budget || opened < budget.openings) return;
  throw new AppError(
    'CONFLICT',
    `TEST of split '${name}' was to be opened ${countNoun(budget.openings, 'time')} at most (${budget.setBy}: ` +
      `'${budget.reason}'), and was. A larger budget can be set, on record.`,
  );
}

/** Openings of one split, and budgets for them, take turns from here to the end of the transaction. */
async function lockTest(tx: Transaction, splitId: string): Promise<{ name: string; opened: number }> {
  const [split] = await tx.$queryRaw<{ name: string }[]>`
    select name from split where id = ${splitId}::uuid for no key update`;
  if (!split) throw new AppError('NOT_FOUND', `There is no split ${splitId}.`);
  return { name: split.name, opened: await tx.testOpening.count({ where: { splitId } }) };
}

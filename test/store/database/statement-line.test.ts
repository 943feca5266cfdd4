/** Statements in line: in their order, so many at once, and nobody behind a long one. */
import { createStatementLine } from '@microtome/store/database/statement-line';
import { expect, it } from 'vitest';

const NEVER_LONG_MS = 2 ** 30;

/** Statements that end when they are told to; `begun` names those that were let in. */
function openStatements(line: ReturnType<typeof createStatementLine>) {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  return {
    begun,
    enter(name: string): Promise<string> {
      ends.set(name, Promise.withResolvers());
      return line.pass(() => {
        begun.push(name);
        return ends.get(name)!.promise;
      });
    },
    end: (name: string) => ends.get(name)!.resolve(name),
    fail: (name: string) => ends.get(name)!.reject(new Error(name)),
  };
}

it('lets in as many as there are places, in the order in which they came', async () => {
  const { begun, enter, end, fail } = openStatements(createStatementLine(2, NEVER_LONG_MS));
  const passed = ['a', 'b', 'c', 'd', 'e'].map(enter);
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await passed[1];
  await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
  fail('a');
  await expect(passed[0]).rejects.toThrow('a');
  await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd']);
  for (const name of ['c', 'd', 'e']) end(name);
  expect(await Promise.all(passed.slice(2))).toEqual(['c', 'd', 'e']);
  // All places are free again, and no more than that.
  const later = ['f', 'g', 'h'].map(enter);
  expect(begun.slice(5)).toEqual(['f', 'g']);
  for (const name of ['f', 'g', 'h']) end(name);
  await Promise.all(later);
});

it('holds nobody up behind one that takes long', async () => {
  const { begun, enter, end } = openStatements(createStatementLine(1, 1));
  const long = enter('long');
  const next = enter('next');
  await expect.poll(() => begun).toEqual(['long', 'next']);
  end('next');
  await next;
  end('long');
  // What gave its place up does not give it up again: there is one place.
  await long;
  const [first] = ['x', 'y'].map(enter);
  expect(begun.slice(2)).toEqual(['x']);
  end('x');
  await first;
});

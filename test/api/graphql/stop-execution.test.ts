import { buildSchema, execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createStop, heedStops } from '../../../apps/api/src/graphql/stop-execution.ts';

/** A chain of fields, each of which waits for `gate` once, and counts that it began. */
function makeChain() {
  const begun: string[] = [];
  const schema = buildSchema('type Query { next: Query id: Int } type Mutation { act: Query }');
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const wait = (name: string) => async () => {
    begun.push(name);
    await gate;
    return {};
  };
  const fields = schema.getQueryType()?.getFields();
  const mutations = schema.getMutationType()?.getFields();
  if (!fields?.next || !mutations?.act) throw new Error('The schema has other fields.');
  fields.next.resolve = wait('next');
  mutations.act.resolve = wait('act');
  return { schema: heedStops(schema), begun, open };
}

const run = (
  query: string,
  schema: ReturnType<typeof makeChain>['schema'],
  stop: ReturnType<typeof createStop>,
) => execute({ schema, document: parse(query), contextValue: stop });

describe('an operation that is stopped', () => {
  it('by its time answers at once with a sentence, and begins nothing more', async () => {
    const { schema, begun, open } = makeChain();
    const stop = createStop(20);
    const answer = await run('{ next { next { id } } }', schema, stop);
    expect(answer.errors?.[0]?.message).toBe(
      'The operation took longer than 0.02 s and was stopped. Ask for less.',
    );
    open();
    await answer;
    expect(begun).toEqual(['next']);
  });

  it('finishes the mutation that it began, and begins no other', async () => {
    const { schema, begun, open } = makeChain();
    const stop = createStop(60_000);
    const answer = run('mutation { a: act { next { id } } b: act { id } }', schema, stop);
    stop.leave();
    open();
    const { errors } = await answer;
    stop.clear();
    expect(errors?.map(({ path }) => path)).toContainEqual(['b']);
    expect(begun).toEqual(['act']);
  });
});

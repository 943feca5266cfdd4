import { AppError } from '@microtome/domain/app-error';
import { buildSchema, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { formatGraphqlError, isUnexpectedError } from '../../../apps/api/src/graphql/graphql-errors.ts';
import { limitDepth, MAX_DEPTH } from '../../../apps/api/src/graphql/query-limits.ts';
import { createHostGuard } from '../../../apps/api/src/http/host-guard.ts';

describe('the guard of Host and Origin', () => {
  const listeningAt = (host: string) =>
    createHostGuard({
      host,
      getPort: () => 4000,
      webPort: 3000,
      allowedHosts: ['api.example', 'api:4000'],
      allowedOrigins: ['https://lab.example'],
    });
  const guard = listeningAt('127.0.0.1');

  it('lets the address pass that the server listens on, and none where it listens on all', () => {
    const call = (at: string, host: string) => () => listeningAt(at).check({ host });
    expect(call('192.0.2.7', '192.0.2.7:4000')).not.toThrow();
    expect(call('2001:db8::7', '[2001:db8::7]:4000')).not.toThrow();
    expect(call('192.0.2.7', '192.0.2.8:4000')).toThrow('does not answer to the host');
    for (const all of ['0.0.0.0', '::']) {
      expect(call(all, 'localhost:4000')).not.toThrow();
      for (const host of ['0.0.0.0:4000', '[::]:4000', '192.0.2.7:4000'])
        expect(call(all, host)).toThrow('does not answer to the host');
    }
  });

  it.each([
    'localhost:4000',
    '127.0.0.1:4000',
    '[::1]:4000',
    'LOCALHOST:4000',
    'api.example',
    'api.example:80',
    'api:4000',
  ])('lets %s pass as a host', (host) => expect(() => guard.check({ host })).not.toThrow());

  it.each([
    'evil.example',
    'localhost',
    'localhost:3000',
    'localhost:4000.evil.example',
    'api:5000',
    '',
    '127.0.0.2:4000',
  ])('refuses "%s" as a host', (host) =>
    expect(() => guard.check({ host })).toThrow(/does not answer to the host/),
  );

  it.each(['http://localhost:3000', 'http://127.0.0.1:4000', 'https://lab.example'])(
    'lets pages of %s call',
    (origin) => expect(() => guard.check({ host: 'localhost:4000', origin })).not.toThrow(),
  );

  it.each([
    'http://evil.example',
    'null',
    'http://localhost:3001',
    'https://localhost:3000',
    'http://localhost:3000.evil.example',
  ])('refuses pages of "%s"', (origin) =>
    expect(() => guard.check({ host: 'localhost:4000', origin })).toThrow(/may not call this server/),
  );
});

describe('the depth of a query', () => {
  const schema = buildSchema('type Query { a: Query b: Int }');
  const nest = (depth: number) => `${'{ a '.repeat(depth - 1)}{ b }${' }'.repeat(depth - 1)}`;
  const check = (document: string) => validate(schema, parse(document), [...specifiedRules, limitDepth]);

  it('may reach the limit and not pass it', () => {
    expect(check(nest(MAX_DEPTH))).toEqual([]);
    expect(check(nest(MAX_DEPTH + 1)).map(({ message }) => message)).toEqual([
      `The query is ${MAX_DEPTH + 1} levels deep; at most ${MAX_DEPTH} are allowed.`,
    ]);
  });

  it('counts what hides in fragments', () => {
    const half = Math.ceil(MAX_DEPTH / 2) + 1;
    const document = `fragment F on Query ${nest(half)} ${'query '}${nest(half).replace('{ b }', '{ ...F }')}`;
    expect(check(document)).toHaveLength(1);
  });

  it('is measured quickly when fragments name each other many times', () => {
    const chain = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
    );
    const document = `{ ...F0 } ${chain.join(' ')} fragment F60 on Query { b }`;
    expect(validate(schema, parse(document), [limitDepth])).toEqual([]);
  });

  it('leaves fragments in a circle to the rule that refuses them', () => {
    expect(check('{ ...F } fragment F on Query { a { ...F } }')[0]?.message).toMatch(
      /spread fragment "F" within itself/,
    );
  });
});

describe('an error on its way out', () => {
  const wrap = (originalError: Error) => new GraphQLError('wrapped', { originalError, path: ['run'] });

  it('keeps the sentence, code and place of an AppError, however often it is wrapped', () => {
    const error = wrap(wrap(new AppError('CONFLICT', 'Run 7 is over.', { details: { status: 'FAILED' } })));
    expect(formatGraphqlError(error)).toMatchObject({
      message: 'Run 7 is over.',
      path: ['run'],
      extensions: { code: 'CONFLICT', retryable: false, status: 'FAILED' },
    });
    expect(isUnexpectedError(error)).toBe(false);
  });

  it('reveals nothing of an unexpected error', () => {
    const error = wrap(new TypeError('password=hunter2'));
    expect(JSON.stringify(formatGraphqlError(error))).not.toContain('hunter2');
    expect(formatGraphqlError(error).extensions).toMatchObject({ code: 'INTERNAL' });
    expect(isUnexpectedError(error)).toBe(true);
  });

  it('calls a document that does not validate bad input', () => {
    expect(formatGraphqlError(new GraphQLError('Cannot query field "x".')).extensions).toMatchObject({
      code: 'BAD_INPUT',
    });
  });
});

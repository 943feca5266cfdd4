/** Documents of the dashboard are kept as text: what is read from it is what the parser of GraphQL reads. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentNode, parse, print, stripIgnoredCharacters } from 'graphql';
import { expect, it } from 'vitest';
import { readDocument } from '../../../apps/web/graphql/read-document.ts';

const WEB = join(import.meta.dirname, '../../../apps/web');

const reread = (text: string) => print(readDocument<DocumentNode>(stripIgnoredCharacters(text)));

it('reads every document of the dashboard as the parser does', async () => {
  let count = 0;
  for await (const file of glob('**/*.graphql', { cwd: WEB, exclude: (name) => name === 'node_modules' })) {
    const text = await readFile(join(WEB, file), 'utf8');
    expect(reread(text), file).toBe(print(parse(text)));
    count++;
  }
  expect(count).toBeGreaterThan(50);
});

it.each([
  'query A($x: [ID!]! = [], $y: Int = -3, $z: F = {a: [1, 2.5e3], b: WORD, c: null, d: true}) { a(x: $x, y: "q\\" {n}") }',
  'subscription B { a { ... on C { b: c @include(if: $d) } ...E } } fragment E on C { f }',
  'mutation C { a(list: [[1], []], text: "", far: -0.5) { b } }',
])('reads %s', (text) => {
  expect(reread(text)).toBe(print(parse(text)));
});

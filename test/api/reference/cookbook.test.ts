/** Every question of docs/cookbook is asked, in one request, and finds something. */
import { readdirSync, readFileSync } from 'node:fs';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';
import { seedCookbook } from './seed-cookbook.ts';

const FOLDER = new URL('../../../docs/cookbook/', import.meta.url);
const questions = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => {
    const text = readFileSync(new URL(name, FOLDER), 'utf8');
    return { name, text, question: text.slice(0, text.indexOf('\n')).replace(/^#\s*/, '') };
  });

let api: TestApi;
let known: Record<string, unknown>;

beforeAll(async () => {
  api = await startTestApi();
  known = await seedCookbook(api.store);
});
afterAll(() => api.close());

describe('the cookbook', () => {
  it('has each question once', () => {
    expect(questions.length).toBeGreaterThanOrEqual(9);
    expect(new Set(questions.map(({ question }) => question)).size).toBe(questions.length);
    for (const { name, question } of questions) expect(question, name).toMatch(/\?$/);
  });

  it.each(questions)('answers: $question', async ({ text }) => {
    const answer = await api.ask<Record<string, unknown>>(text, pickVariables(text));
    for (const [field, value] of Object.entries(answer)) {
      expect(isFound(value), `${field}: ${JSON.stringify(value)}`).toBe(true);
    }
  });
});

/** Those that the question names and does not give itself, from what was seeded. */
function pickVariables(text: string): Record<string, unknown> {
  const { definitions } = parse(text);
  const operation = definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const named = (operation?.variableDefinitions ?? []).filter(({ defaultValue }) => !defaultValue);
  return Object.fromEntries(
    named.map(({ variable }) => {
      const name = variable.name.value;
      if (!(name in known)) throw new Error(`seed-cookbook.ts gives no variable '${name}'.`);
      return [name, known[name]];
    }),
  );
}

/** Something, and if it is a list or a page of one, with at least one entry. */
function isFound(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null && 'edges' in value) return isFound(value.edges);
  return value !== null && value !== undefined;
}

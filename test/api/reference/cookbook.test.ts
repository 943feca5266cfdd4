/** Every question of docs/cookbook is asked, in one request, and finds something. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';
import { pickVariables, readQuestions } from './cookbook-questions.ts';
import { seedCookbook } from './seed-cookbook.ts';

const questions = readQuestions();

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
    const answer = await api.ask<Record<string, unknown>>(text, pickVariables(text, known));
    for (const [field, value] of Object.entries(answer)) {
      expect(isFound(value), `${field}: ${JSON.stringify(value)}`).toBe(true);
    }
  });
});

/** Something, and if it is a list or a page of one, with at least one entry. */
function isFound(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null && 'edges' in value) return isFound(value.edges);
  return value !== null && value !== undefined;
}

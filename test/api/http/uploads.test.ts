/** A zip that is sent over HTTP lies where an import may read it, and is found by nobody but its sender. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';

const BROWSE = 'query ($path: String!) { browseImportRoot(path: $path) { path } }';
const PREVIEW =
  'query ($input: ImportDatasetInput!) { previewImport(input: $input) { problem { message } } }';
/** The end of an empty zip. */
const content = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const call = async (method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}) => {
  const response = await fetch(api.url + path, { method, headers, ...(body ? { body } : {}) });
  const text = await response.text();
  return { status: response.status, answer: text ? JSON.parse(text) : null };
};
const begin = (file: object) =>
  call('POST', '/uploads', JSON.stringify(file), { 'content-type': 'application/json' });

describe('an upload', () => {
  it('is begun, sent and imported from where it lies', async () => {
    const { status, answer } = await begin({ name: 'patches.zip', bytes: content.length });
    expect([status, answer.received, answer.path]).toEqual([201, 0, null]);
    const hash = createHash('sha256').update(content).digest('hex');
    const place = `/uploads/${answer.id}`;
    const wrong = await call('PUT', `${place}?offset=0`, content, {
      'x-chunk-sha256': hash.replace(/./g, '0'),
    });
    expect([wrong.status, wrong.answer.error.code]).toEqual([400, 'BAD_INPUT']);
    const sent = await call('PUT', `${place}?offset=0`, content, { 'x-chunk-sha256': hash });
    expect(sent.answer).toMatchObject({ received: content.length, path: expect.stringContaining(answer.id) });
    expect(await readFile(sent.answer.path)).toEqual(content);
    expect((await call('GET', place)).answer).toEqual(sent.answer);
    const preview = await api.ask<{ previewImport: { problem: { message: string } } }>(PREVIEW, {
      input: { path: sent.answer.path },
    });
    expect(preview.previewImport.problem.message).toMatch(/patches\.zip holds no files/);
    // One that lies next to others is no list of them.
    const folder = dirname(dirname(sent.answer.path));
    for (const path of [folder, join(folder, '.partial'), join(folder, '.partial', `${answer.id}.json`)])
      expect((await api.fail(BROWSE, { path })).code).toBe('FORBIDDEN');
  });

  it.each([
    [{ name: 'patches.zip' }, 'An upload begins with JSON that has `name`, a text, and `bytes`, a number.'],
    [{ name: 'a.tar', bytes: 5 }, "'a.tar' is no .zip: put the patches, with their folders, into one."],
    [{ name: 'a.zip', bytes: 2e9 }, "'a.zip' has 2000000000 bytes: an upload has at most 1000000000."],
  ])('of %j is refused in a sentence', async (file, sentence) => {
    const { status, answer } = await begin(file);
    expect([status, answer.error.message]).toEqual([400, sentence]);
  });

  it('is given up, and then is none', async () => {
    const { answer } = await begin({ name: 'patches.zip', bytes: 50 });
    const place = `/uploads/${answer.id}`;
    expect((await call('PUT', `${place}?offset=x`, content)).answer.error.message).toMatch(
      /^'offset' is 'x'/,
    );
    expect((await call('DELETE', place)).status).toBe(204);
    expect((await call('GET', place)).status).toBe(404);
    expect((await call('PUT', `${place}?offset=0`, content)).status).toBe(404);
  });
});

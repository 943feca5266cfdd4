/**
 * What a page asks the API first of all is asked while its scripts are still on their way: by a few lines in the document, whose
 * answers the client takes in place of asking (`api/early-answers.ts`).
 */
import type { TypedDocumentNode } from '@apollo/client';
import { addTypenameToDocument } from '@apollo/client/utilities';
import { type OperationDefinitionNode, print, stripIgnoredCharacters } from 'graphql';
import { headers } from 'next/headers';
import { nameQuestion } from '../api/early-answers.ts';
import { NONCE_HEADER } from '../content-policy.ts';
import { readWebEnv } from '../env.ts';

/** In the browser, before anything is loaded. What it keeps is an `EarlyAnswer` for each. */
const ASK = `({ apiUrl, apiPort }, questions) => {
  const url = (apiUrl ?? location.protocol + '//' + location.hostname + ':' + apiPort) + '/graphql';
  const headers = {
    accept: 'application/graphql-response+json,application/json;q=0.9',
    'content-type': 'application/json',
  };
  window.earlyAnswers ??= [];
  for (const { key, ...question } of questions) {
    const body = JSON.stringify(question);
    const asked = fetch(url, { method: 'POST', credentials: 'include', headers, body });
    // Read at once: an answer that nobody takes would hold its connection.
    const answer = asked.then(async (response) => new Response(await response.text(), response));
    answer.catch(() => undefined);
    window.earlyAnswers.push({ key, atMs: Date.now(), answer });
  }
}`;

type Question = { key: string; operationName: string; variables: object; query: string };

/** As the client will ask it, with the same variables. */
export function askEarly<Variables extends object>(
  document: TypedDocumentNode<unknown, Variables>,
  variables: Variables,
): Question {
  const whole = addTypenameToDocument(document);
  const [operation] = whole.definitions as readonly OperationDefinitionNode[];
  const operationName = operation?.name?.value ?? '';
  const query = stripIgnoredCharacters(print(whole));
  return { key: nameQuestion(operationName, variables), operationName, variables, query };
}

export async function EarlyQuestions({ questions }: { questions: readonly Question[] }) {
  const nonce = (await headers()).get(NONCE_HEADER) ?? undefined;
  // Of the address, only the values of variables are in it, written as JSON that closes no script.
  const given = JSON.stringify([readWebEnv(), questions]).replaceAll('<', '\\u003c');
  return (
    <script
      nonce={nonce}
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: a script has no other content
      dangerouslySetInnerHTML={{ __html: `(${ASK})(...${given})` }}
    />
  );
}

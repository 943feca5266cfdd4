/** Takes what the document of the page has asked already (`components/early-questions.tsx`) in place of asking again, once each. */

type EarlyAnswer = {
  /** By `nameQuestion`. */
  key: string;
  atMs: number;
  answer: Promise<Response>;
};

declare global {
  interface Window {
    earlyAnswers?: EarlyAnswer[];
  }
}

/** What nobody took by then is out of date. */
const KEPT_MS = 10_000;

export function fetchOrTake(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  return takeAnswer(init?.body) ?? fetch(input, init);
}

function takeAnswer(body: unknown): Promise<Response> | null {
  const answers = typeof window === 'undefined' ? undefined : window.earlyAnswers;
  if (!answers?.length || typeof body !== 'string') return null;
  const { operationName, variables } = JSON.parse(body) as { operationName?: string; variables?: object };
  const asked = nameQuestion(operationName ?? '', variables ?? {});
  const at = answers.findIndex(({ key }) => key === asked);
  const [taken] = at < 0 ? [] : answers.splice(at, 1);
  return taken && Date.now() - taken.atMs < KEPT_MS ? taken.answer : null;
}

/** The operation with its variables, in whatever order they are: the client puts those with a default first. */
export function nameQuestion(operationName: string, variables: object): string {
  const sorted = Object.entries(variables).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return operationName + JSON.stringify(sorted);
}

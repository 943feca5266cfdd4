/** Clients that keep the API busy with pages of runs while something else is measured. */
const QUESTION = JSON.stringify({
  query: '{ runs(first: 50) { edges { node { id name status evaluations { subset metrics } } } } }',
});

export async function underLoad<Result>(
  apiUrl: string,
  { clients }: { clients: number },
  act: () => Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const asking = Array.from({ length: clients }, async () => {
    while (!isOver) await postQuery(apiUrl, QUESTION);
  });
  try {
    return await act();
  } finally {
    isOver = true;
    await Promise.all(asking);
  }
}

export async function postQuery(apiUrl: string, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${apiUrl}/graphql`, { method: 'POST', headers, body });
  return response.json();
}

/** How long a tile takes: the first time, when it is made, and later, when it is kept; while eight clients ask the server for pages of runs. */
const CLIENTS = 8;
const ROUNDS = 5;
const QUESTION = JSON.stringify({
  query: '{ runs(first: 50) { edges { node { id name status evaluations { subset metrics } } } } }',
});

type Tiles = { levels: number; widthPx: number; heightPx: number; sidePx: number; url: string };

export async function measureTiles(apiUrl: string, slideId: string) {
  const { data } = (await ask(apiUrl, {
    query: 'query ($id: ID!) { slide(id: $id) { tiles { levels widthPx heightPx sidePx url } } }',
    variables: { id: slideId },
  })) as { data: { slide: { tiles: Tiles } } };
  const urls = listTiles(data.slide.tiles).map((path) => apiUrl + path);
  const load = new AbortController();
  const clients = Array.from({ length: CLIENTS }, () => keepAsking(apiUrl, load.signal));
  const made = await time(urls);
  const kept: number[] = [];
  for (let round = 0; round < ROUNDS; round++) kept.push(...(await time(urls)));
  load.abort();
  await Promise.all(clients);
  const [tileMade95Ms, tileKept95Ms] = [made, kept].map((times) => percentile(times, 0.95));
  return {
    tiles: urls.length,
    coarsestMadeMs: made[0],
    tileMade95Ms,
    tileKept95Ms,
    tileKeptMostMs: percentile(kept, 1),
  };
}

/** From the coarsest, as a viewer asks. */
function listTiles({ levels, widthPx, heightPx, sidePx, url }: Tiles): string[] {
  return Array.from({ length: levels }, (_, at) => levels - 1 - at).flatMap((level) => {
    const count = (lengthPx: number) => Math.ceil(Math.ceil(lengthPx / 2 ** level) / sidePx);
    return Array.from({ length: count(widthPx) * count(heightPx) }, (_, at) =>
      url
        .replace('{level}', `${level}`)
        .replace('{column}', `${at % count(widthPx)}`)
        .replace('{row}', `${Math.floor(at / count(widthPx))}`),
    );
  });
}

async function time(urls: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const url of urls) {
    const startMs = performance.now();
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
    await response.arrayBuffer();
    times.push(Math.round(10 * (performance.now() - startMs)) / 10);
  }
  return times;
}

async function keepAsking(apiUrl: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await ask(apiUrl, JSON.parse(QUESTION));
}

async function ask(apiUrl: string, body: object): Promise<unknown> {
  const response = await fetch(`${apiUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}

/** How long a tile takes by itself: the first time, when it is made, and later, when it is kept. */
import { percentile } from './percentile.ts';
import { postQuery } from './server-load.ts';

const ROUNDS = 5;

type Tiles = { levels: number; widthPx: number; heightPx: number; sidePx: number; url: string };

export async function measureTiles(apiUrl: string, slideId: string) {
  const query = 'query ($id: ID!) { slide(id: $id) { tiles { levels widthPx heightPx sidePx url } } }';
  const answer = await postQuery(apiUrl, JSON.stringify({ query, variables: { id: slideId } }));
  const { data } = answer as { data: { slide: { tiles: Tiles } } };
  const urls = listTiles(data.slide.tiles).map((path) => apiUrl + path);
  const made = await time(urls);
  const kept: number[] = [];
  for (let round = 0; round < ROUNDS; round++) kept.push(...(await time(urls)));
  return {
    tiles: urls.length,
    coarsestMadeMs: Math.round(made[0] ?? Number.NaN),
    tileMade95Ms: percentile(made, 0.95),
    tileKept95Ms: percentile(kept, 0.95),
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
    times.push(performance.now() - startMs);
  }
  return times;
}

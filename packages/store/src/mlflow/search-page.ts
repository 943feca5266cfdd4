/** One page of a list that an MLflow client searches: how many rows it may ask for, and where the next page begins. */
import { AppError } from '@microtome/domain/app-error';
import { readPageToken, writePageToken } from '@microtome/domain/mlflow/page-token';

export type SearchRequest = {
  filter: string;
  orderBy: readonly string[];
  maxResults: number;
  pageToken: string;
};

export type SearchPage<Row> = { rows: Row[]; nextPageToken: string | null };

/** Reads one row more than the page has, to see whether there is a next one. BAD_INPUT. */
export async function readPage<Row>(
  { maxResults, pageToken }: Pick<SearchRequest, 'maxResults' | 'pageToken'>,
  limitMax: number,
  read: (page: { limit: number; offset: number }) => Promise<Row[]>,
): Promise<SearchPage<Row>> {
  if (maxResults < 1 || maxResults > limitMax) {
    throw new AppError(
      'BAD_INPUT',
      `Invalid value ${maxResults} for parameter 'max_results' supplied: It must be at least 1 and at most ${limitMax}, but got value ${maxResults}`,
    );
  }
  const offset = readPageToken(pageToken);
  const rows = await read({ limit: maxResults + 1, offset });
  const hasNext = rows.length > maxResults;
  return {
    rows: hasNext ? rows.slice(0, maxResults) : rows,
    nextPageToken: hasNext ? writePageToken(offset + maxResults) : null,
  };
}

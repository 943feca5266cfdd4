/** How MLflow clients ask for a page of a list, and how the page is answered. */
import type { SearchPage, SearchRequest } from '@microtome/store/mlflow/search-page';
import type { RequestReader } from './request-reader.ts';

export function readSearch(fields: RequestReader, defaultPage: number): SearchRequest {
  return {
    filter: fields.text('filter'),
    orderBy: fields.texts('order_by'),
    maxResults: fields.integer('max_results') ?? defaultPage,
    pageToken: fields.text('page_token'),
  };
}

/** The next page's token is left out behind the last page. */
export function describePage<Row>(
  name: string,
  { rows, nextPageToken }: SearchPage<Row>,
  describe: (row: Row) => object,
): object {
  return {
    [name]: rows.map(describe),
    ...(nextPageToken === null ? {} : { next_page_token: nextPageToken }),
  };
}

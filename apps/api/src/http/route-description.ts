/** What a route is for, said in the file that serves it; docs/http.md is made of these. */
export type RouteDescription = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** As Express takes it: `/runs/:runId/predictions.csv`. */
  path: string;
  /** One or two sentences, without a table's bars. */
  about: string;
  /** Parameters behind the question mark, each with what it means. */
  query?: Record<string, string>;
  /** What is sent, where something is. */
  takes?: string;
  /** The media type of the answer. */
  gives: string;
};

/** The same table in each format. */
export function describeTables(
  formats: readonly string[],
  description: Omit<RouteDescription, 'method' | 'gives'>,
): RouteDescription[] {
  return formats.map((format) => ({
    ...description,
    method: 'GET',
    path: `${description.path}.${format}`,
    gives: format === 'csv' ? 'text/csv' : `application/vnd.apache.${format}`,
  }));
}

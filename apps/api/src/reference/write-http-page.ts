/** docs/http.md: every route with what it takes and gives, what webhooks get, and what each error means. */
import { ANNOUNCEMENT_KINDS, nameEventType } from '@microtome/domain/announcement/announcement';
import { ERROR_CODES } from '@microtome/domain/app-error';
import type { RouteDescription } from '../http/route-description.ts';
import { ROUTE_GROUPS } from './http-routes.ts';
import { escapeCell, GENERATED, writeTable } from './markdown.ts';

export function writeHttpPage(): string {
  return [
    '# HTTP',
    GENERATED,
    'Names that begin with `:` are ids or file names. Ids are those of GraphQL ([graphql.md](graphql.md)).',
    ...ROUTE_GROUPS.flatMap(({ title, routes }) => [`## ${title}`, ...routes.map(writeRoute)]),
    ...writeWebhooks(),
    ...writeErrors(),
  ].join('\n\n');
}

function writeRoute({ method, path, about, query = {}, takes, gives }: RouteDescription): string {
  const parameters = Object.entries(query).map(([name, meaning]) => [`\`${name}\``, escapeCell(meaning)]);
  return [
    `### \`${method} ${path}\``,
    about,
    ...(parameters.length > 0 ? [writeTable(['parameter', 'meaning'], parameters)] : []),
    ...(takes ? [`Takes ${takes}.`] : []),
    `Gives ${gives}.`,
  ].join('\n\n');
}

function writeWebhooks(): string[] {
  return [
    '## Webhooks',
    'A webhook (`addReceiver`) gets a POST of JSON for each announcement of the kinds that it asked for: `type`, `timestamp`, and as `data` the ' +
      'number of the announcement, its `title`, a `link` to the dashboard, and its facts: ids, and names as they were.',
    `Types: ${ANNOUNCEMENT_KINDS.map((kind) => `\`${nameEventType(kind)}\``).join(', ')}; \`test\` where a test is sent.`,
    'It is signed as [Standard Webhooks](https://www.standardwebhooks.com) says: `webhook-id`, `webhook-timestamp` and `webhook-signature` ' +
      '(HMAC-SHA256 by the secret that `addReceiver` shows once). Libraries of it exist for most languages. An announcement comes at least once; ' +
      'what comes twice has the same `webhook-id`. An answer of 2xx within 10 s means that it arrived, 410 pauses the ' +
      'webhook, and after anything else it is tried again, ten times over about a day. Redirects are not followed, and ' +
      'private networks are not reached unless `WEBHOOKS_TO_PRIVATE_NETWORKS=true` is set. An API process without it leaves such a delivery to ' +
      'one that has it, and no attempt is counted; where none that runs has it, the log of deliveries says so.',
  ];
}

function writeErrors(): string[] {
  const rows = Object.entries(ERROR_CODES).map(([code, { httpStatus, retryable }]) => [
    `\`${code}\``,
    String(httpStatus),
    retryable ? 'yes' : 'no',
  ]);
  return [
    '## Errors',
    'An error is `{"error": {"code", "message"}}`, with a sentence that names what was wrong. Each answer has an `x-request-id`, ' +
      'by which it is found in the log. GraphQL has the code in `extensions.code`.',
    writeTable(['code', 'status', 'the same request may succeed later'], rows),
  ];
}

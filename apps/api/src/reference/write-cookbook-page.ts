/**
 * docs/cookbook.md: one question after the other, made of the files in docs/cookbook. A file begins with the question as a
 * comment; further comments above the operation are what else is to be known.
 */
import { escapeCell, GENERATED } from './markdown.ts';

type CookbookFile = { name: string; text: string };

export function writeCookbookPage(files: readonly CookbookFile[]): string {
  const questions = files.map(readQuestion);
  return [
    '# Cookbook',
    GENERATED,
    'Questions that people ask, each in one request. Every one is run by a test, on runs, models and events of its own. ' +
      'Send it to `POST /graphql` with the variables that it names, or paste it into GraphiQL.',
    questions.map(({ question }) => `- [${escapeCell(question)}](#${anchor(question)})`).join('\n'),
    ...questions.flatMap(({ question, about, operation }) => [
      `## ${question}`,
      ...(about ? [about] : []),
      `\`\`\`graphql\n${operation}\n\`\`\``,
    ]),
  ].join('\n\n');
}

function readQuestion({ name, text }: CookbookFile): { question: string; about: string; operation: string } {
  const lines = text.trim().split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  const [question, ...about] = lines.slice(0, end).map((line) => line.replace(/^#\s?/, '').trim());
  if (!question) throw new Error(`docs/cookbook/${name} does not begin with its question as a comment.`);
  return { question, about: about.join(' ').trim(), operation: lines.slice(end).join('\n').trim() };
}

/** As GitHub names the place of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

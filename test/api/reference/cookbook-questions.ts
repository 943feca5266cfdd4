/** The questions of docs/cookbook as they stand there, and the variables that each of them names. */
import { readdirSync, readFileSync } from 'node:fs';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';

export type CookbookQuestion = { name: string; text: string; question: string };

const FOLDER = new URL('../../../docs/cookbook/', import.meta.url);

export function readQuestions(): CookbookQuestion[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => {
      const text = readFileSync(new URL(name, FOLDER), 'utf8');
      return { name, text, question: text.slice(0, text.indexOf('\n')).replace(/^#\s*/, '') };
    });
}

/** Those that the question names and does not give itself, from what was seeded. */
export function pickVariables(
  text: string,
  known: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { definitions } = parse(text);
  const operation = definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const named = (operation?.variableDefinitions ?? []).filter(({ defaultValue }) => !defaultValue);
  return Object.fromEntries(
    named.map(({ variable }) => {
      const name = variable.name.value;
      if (!(name in known)) throw new Error(`seed-cookbook.ts gives no variable '${name}'.`);
      return [name, known[name]];
    }),
  );
}

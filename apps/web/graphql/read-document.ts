/**
 * Reads a document of the API from its text, as the generated modules hold it: what a parser would make of it takes ten times the
 * text, and pages weigh what they are made of. It knows what documents of the dashboard may contain, and no more; `npm run
 * generate` compares each with what the real parser reads.
 */

type Part = { kind: string; [name: string]: unknown };

const TOKEN = /\.\.\.|[{}()[\]:!=$@]|"(?:\\.|[^"\\])*"|-?\d[\w.+-]*|\w+/g;

export function readDocument<Document>(text: string): Document {
  const tokens = createTokens(text);
  const definitions: Part[] = [];
  while (tokens.peek() !== undefined) definitions.push(readDefinition(tokens));
  return { kind: 'Document', definitions } as Document;
}

type Tokens = {
  peek(): string | undefined;
  take(): string;
  /** Takes the token if it is the next one. */
  skips(token: string): boolean;
  /** What stands between `open`, if that is next, and `close`. */
  list(open: string, close: string, read: (tokens: Tokens) => Part): Part[];
};

function createTokens(text: string): Tokens {
  const found = text.match(TOKEN) ?? [];
  let at = 0;
  const tokens: Tokens = {
    peek: () => found[at],
    take: () => found[at++] ?? '',
    skips(token) {
      if (found[at] !== token) return false;
      at++;
      return true;
    },
    list(open, close, read) {
      const parts: Part[] = [];
      if (tokens.skips(open)) while (at < found.length && !tokens.skips(close)) parts.push(read(tokens));
      return parts;
    },
  };
  return tokens;
}

const readName = (tokens: Tokens): Part => ({ kind: 'Name', value: tokens.take() });

/** A part that is a list is left out where it is empty. */
const listed = (name: string, parts: Part[]) => (parts.length > 0 ? { [name]: parts } : {});

function readDefinition(tokens: Tokens): Part {
  const word = tokens.take();
  const name = readName(tokens);
  if (word === 'fragment') {
    const typeCondition = readCondition(tokens);
    return { kind: 'FragmentDefinition', name, typeCondition, ...readRest(tokens) };
  }
  const variables = listed('variableDefinitions', tokens.list('(', ')', readVariable));
  return { kind: 'OperationDefinition', operation: word, name, ...variables, ...readRest(tokens) };
}

function readCondition(tokens: Tokens): Part {
  tokens.skips('on');
  return { kind: 'NamedType', name: readName(tokens) };
}

/** Directives, and what is selected. */
function readRest(tokens: Tokens): Partial<Part> {
  const directives: Part[] = [];
  while (tokens.skips('@')) {
    directives.push({ kind: 'Directive', name: readName(tokens), ...readArguments(tokens) });
  }
  const selections = tokens.list('{', '}', readSelection);
  return {
    ...listed('directives', directives),
    ...(selections.length > 0 && { selectionSet: { kind: 'SelectionSet', selections } }),
  };
}

function readArguments(tokens: Tokens): Partial<Part> {
  return listed(
    'arguments',
    tokens.list('(', ')', () => readNamed('Argument', tokens)),
  );
}

function readNamed(kind: string, tokens: Tokens): Part {
  const name = readName(tokens);
  tokens.skips(':');
  return { kind, name, value: readValue(tokens) };
}

function readSelection(tokens: Tokens): Part {
  if (tokens.skips('...')) {
    if (tokens.peek() !== 'on') {
      return { kind: 'FragmentSpread', name: readName(tokens), ...readRest(tokens) };
    }
    return { kind: 'InlineFragment', typeCondition: readCondition(tokens), ...readRest(tokens) };
  }
  const first = readName(tokens);
  const names = tokens.skips(':') ? { alias: first, name: readName(tokens) } : { name: first };
  return { kind: 'Field', ...names, ...readArguments(tokens), ...readRest(tokens) };
}

function readVariable(tokens: Tokens): Part {
  const variable = readValue(tokens);
  tokens.skips(':');
  const type = readType(tokens);
  const given = tokens.skips('=') ? { defaultValue: readValue(tokens) } : {};
  return { kind: 'VariableDefinition', variable, type, ...given };
}

function readType(tokens: Tokens): Part {
  const [inner] = tokens.list('[', ']', readType);
  const type = inner ? { kind: 'ListType', type: inner } : { kind: 'NamedType', name: readName(tokens) };
  return tokens.skips('!') ? { kind: 'NonNullType', type } : type;
}

function readValue(tokens: Tokens): Part {
  const next = tokens.peek() ?? '';
  if (next === '[') return { kind: 'ListValue', values: tokens.list('[', ']', readValue) };
  if (next === '{') {
    return {
      kind: 'ObjectValue',
      fields: tokens.list('{', '}', () => readNamed('ObjectField', tokens)),
    };
  }
  const value = tokens.take();
  if (value === '$') return { kind: 'Variable', name: readName(tokens) };
  if (value.startsWith('"')) return { kind: 'StringValue', value: JSON.parse(value), block: false };
  if (/^-?\d/.test(value)) return { kind: /^-?\d+$/.test(value) ? 'IntValue' : 'FloatValue', value };
  if (value === 'true' || value === 'false') return { kind: 'BooleanValue', value: value === 'true' };
  return value === 'null' ? { kind: 'NullValue' } : { kind: 'EnumValue', value };
}

/**
 * Walks through an XML text strictly and in bounded memory: the caller sees one element at a time, no tree is built.
 * Entities of the document's own, which can grow without end or name other files, are refused with their declaration.
 */
import sax from 'sax';
import { AppError } from '../app-error.ts';

const DEPTH_MAX = 100;
/** After each of them sax looks whether one value became too long for it. */
const CHUNK_CHARACTERS = 16_384;

type XmlElement = {
  /** Without its prefix: `OME:Pixels` is `Pixels`. */
  name: string;
  attributes: Record<string, string>;
};
type XmlVisitor = {
  open?(element: XmlElement, depth: number): void;
  close?(name: string, depth: number): void;
};

/** Throws BAD_INPUT with one sentence that begins with `what`, a name of the text. */
export function walkXml(text: string, what: string, visitor: XmlVisitor): void {
  const refuse = (found: string) => new AppError('BAD_INPUT', `${what} ${found}`);
  const parser = sax.parser(true, { position: true });
  let depth = 0;
  let fault: Error | null = null;
  const stop = (error: Error) => {
    fault ??= error;
  };
  parser.ondoctype = () =>
    stop(refuse('declares a document type; that may define entities without end, so it is not read.'));
  parser.onerror = (error) => {
    const [reason] = error.message.split('\n');
    stop(refuse(`is no well-formed XML: line ${parser.line + 1}, ${reason?.replace(/\.$/, '')}.`));
  };
  parser.onopentag = ({ name, attributes }) => {
    depth += 1;
    if (depth > DEPTH_MAX) stop(refuse(`nests more than ${DEPTH_MAX} elements.`));
    if (!fault) visitor.open?.({ name: localName(name), attributes: onlyTexts(attributes) }, depth);
  };
  parser.onclosetag = (name) => {
    if (!fault) visitor.close?.(localName(name), depth);
    depth -= 1;
  };
  for (let at = 0; at < text.length && !fault; at += CHUNK_CHARACTERS) {
    parser.write(text.slice(at, at + CHUNK_CHARACTERS));
  }
  if (!fault) parser.close();
  if (fault) throw fault;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function onlyTexts(attributes: Record<string, string | sax.QualifiedAttribute>): Record<string, string> {
  const entries = Object.entries(attributes).map(
    ([name, value]) => [localName(name), typeof value === 'string' ? value : value.value] as const,
  );
  return Object.fromEntries(entries);
}

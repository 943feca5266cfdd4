/** Walks over the tokens of a line: what comes next, and the error when it is something else. */
import { type Expected, QueryError } from './query-error.ts';
import { type Token, tokenize } from './query-tokens.ts';

export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @throws QueryError for what is no token */
  constructor(line: string) {
    this.#tokens = tokenize(line);
  }

  get next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  isAtEnd(): boolean {
    return this.next.kind === 'END';
  }

  /** Words of the grammar are the same in any case. */
  isWord(word: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'WORD' && token.text.toLowerCase() === word;
  }

  isSign(sign: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'SIGN' && token.text === sign;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== 'END') this.#at += 1;
    return token;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#at += 1;
    return true;
  }

  takeSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.#at += 1;
    return true;
  }

  requireSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.refuse(`${sign} is missing`, { kind: 'WORDS', words: [sign] });
  }

  /** `what` is the beginning of a sentence; what stands there is named behind it. */
  refuse(what: string, expected: Expected | null = null): QueryError {
    const { kind, text, from, to } = this.next;
    const found = kind === 'END' ? 'where the line ends' : `before '${shorten(text)}'`;
    return new QueryError(`${what} ${found}.`, { from, to }, expected);
  }
}

const SHOWN_LENGTH = 40;

export function shorten(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

import type { SaxesParser } from 'saxes';

/**
 * Gives a parser the text of a file piece by piece. A parser keeps what has begun until it ends, and a file may begin what never
 * ends: past {@link longestPart} characters without the end of a tag it is refused, with a RangeError.
 */
export class XmlFeed {
  readonly #parser: Pick<SaxesParser, 'write'>;
  #quiet = 0;

  constructor(parser: Pick<SaxesParser, 'write'>) {
    this.#parser = parser;
  }

  write(text: string): void {
    this.#quiet += text.length;
    this.#parser.write(text);
    if (this.#quiet > longestPart) throw new RangeError('a part of it is longer than those of any report');
  }

  /** To be called when a tag has ended. */
  heard(): void {
    this.#quiet = 0;
  }
}

const longestPart = 1_048_576;

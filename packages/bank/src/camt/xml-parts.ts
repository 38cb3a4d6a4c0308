import { BilagError } from '@bilag/core';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { Element } from './element.ts';

/** What a file is made of, in its order: the message's name, then parts of it, each with what it stands in. */
export type Part =
  | { readonly is: 'message'; readonly namespace: string; readonly name: string }
  | { readonly is: 'element'; readonly inside: string; readonly element: Element }
  | { readonly is: 'end'; readonly of: string };

interface GrowingElement {
  readonly name: string;
  text: string;
  readonly currency: string | undefined;
  readonly children: GrowingElement[];
}

/** Deeper and more than any statement that somebody meant. */
const bounds = { depth: 40, textLength: 10_000, elementsOfPart: 1_000_000 };

/**
 * Reads XML piece by piece. The three outer elements (Document, the message, a statement) stay open; what stands in the second
 * and third is a part, read whole: memory is that of the largest entry. Entities and document types are refused.
 */
export class XmlParts {
  readonly #where: string;
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #open: string[] = [];
  readonly #part: GrowingElement[] = [];
  #elements = 0;
  #isDone = false;
  #found: Part[] = [];

  /** `holders` are the elements of the message whose own children are parts. */
  constructor(where: string, holders: ReadonlySet<string>) {
    this.#where = where;
    const parser = this.#parser;
    parser.on('doctype', () => {
      throw this.#refused('the file declares a document type, which no statement has');
    });
    parser.on('error', (error) => {
      throw this.#refused(`the XML is not well formed: ${error.message.split('\n')[0] ?? ''}`);
    });
    parser.on('opentag', (tag) => this.#opened(tag, holders));
    parser.on('closetag', () => this.#closed());
    parser.on('text', (text) => this.#wrote(text));
    parser.on('cdata', (text) => this.#wrote(text));
  }

  /** What a piece of the file completes. */
  take(text: string): readonly Part[] {
    this.#parser.write(text);
    return this.#drain();
  }

  finish(): readonly Part[] {
    this.#parser.close();
    if (!this.#isDone) throw this.#refused('the file ends before its message does');
    return this.#drain();
  }

  #drain(): readonly Part[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #opened({ local, uri, attributes }: SaxesTagNS, holders: ReadonlySet<string>): void {
    if (this.#open.length + this.#part.length >= bounds.depth) throw this.#refused('its elements lie too deep');
    const stays = this.#open.length < 2 || (this.#open.length === 2 && this.#part.length === 0 && holders.has(local));
    if (this.#part.length === 0 && stays) {
      this.#open.push(local);
      if (this.#open.length === 2) this.#found.push({ is: 'message', namespace: uri, name: local });
      return;
    }
    this.#elements += 1;
    if (this.#elements > bounds.elementsOfPart) throw this.#refused('one entry has too many elements');
    const element = { name: local, text: '', currency: attributes['Ccy']?.value, children: [] };
    this.#part.at(-1)?.children.push(element);
    this.#part.push(element);
  }

  #wrote(text: string): void {
    const element = this.#part.at(-1);
    if (element === undefined) return;
    element.text += text;
    if (element.text.length > bounds.textLength) throw this.#refused(`the text of ${element.name} is too long`);
  }

  #closed(): void {
    const element = this.#part.pop();
    if (element === undefined) {
      const of = this.#open.pop() ?? '';
      this.#isDone ||= this.#open.length === 1;
      this.#found.push({ is: 'end', of });
    } else if (this.#part.length === 0) {
      this.#elements = 0;
      this.#found.push({ is: 'element', inside: this.#open.at(-1) ?? '', element });
    }
  }

  #refused(what: string): BilagError {
    return new BilagError('rejected', {
      what,
      where: `${this.#where}, line ${this.#parser.line}`,
      action: 'fetch the statement from the bank again; nothing of the file was read',
    });
  }
}

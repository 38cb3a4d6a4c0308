import { refused } from './order-rows.ts';

/** The objects of an array, or of a text with one a line: one after the other, however long the text is. Throws `rejected`. */
export async function* jsonObjects(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const cutter = new ObjectCutter(name);
  for await (const piece of text) yield* cutter.take(piece);
  cutter.end();
}

/** Cuts a text where an object ends: braces within strings are none. */
class ObjectCutter {
  readonly #name: string;
  #row = 0;
  #between = '';
  #object = '';
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #isArray = false;

  constructor(name: string) {
    this.#name = name;
  }

  *take(piece: string): Generator<Readonly<Record<string, unknown>>> {
    let start = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const character = piece.charAt(at);
      if (this.#isText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (character === '\\') this.#isEscaped = true;
        else if (character === '"') this.#isText = false;
      } else if (character === '{') {
        if (this.#depth === 0) {
          this.#addBetween(piece.slice(start, at));
          this.#begin();
          start = at;
        }
        this.#depth += 1;
      } else if (this.#depth > 0 && character === '"') this.#isText = true;
      else if (this.#depth > 0 && character === '}') {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        yield this.#parsed(this.#object + piece.slice(start, at + 1));
        this.#object = '';
        start = at + 1;
      }
    }
    if (this.#depth > 0) this.#addObject(piece.slice(start));
    else this.#addBetween(piece.slice(start));
  }

  end(): void {
    const between = this.#between.trim().replaceAll(/\s/g, '');
    const isEnd = this.#row === 0 ? between === '[]' : between === (this.#isArray ? ']' : '');
    if (this.#depth > 0 || !isEnd)
      throw this.#broken(this.#row + 1, 'the file ends too early, or goes on after its end');
  }

  #begin(): void {
    const between = this.#between.trim();
    if (this.#row === 0) this.#isArray = between === '[';
    const isRight = this.#row === 0 ? this.#isArray || between === '' : between === (this.#isArray ? ',' : '');
    this.#row += 1;
    if (!isRight) throw this.#broken(this.#row, 'this is neither an array of objects nor one object a line');
    this.#between = '';
  }

  #addBetween(text: string): void {
    this.#between = (this.#between + text).trim();
    if (this.#between.length > 100) throw this.#broken(this.#row + 1, 'something stands between the objects');
  }

  #addObject(text: string): void {
    this.#object += text;
    if (this.#object.length > longestObject) throw this.#broken(this.#row, 'an object is too long, or never ends');
  }

  #parsed(text: string): Readonly<Record<string, unknown>> {
    try {
      return JSON.parse(text) as Readonly<Record<string, unknown>>;
    } catch (cause) {
      throw this.#broken(this.#row, 'this is no JSON', cause);
    }
  }

  #broken(row: number, what: string, cause?: unknown): Error {
    return refused(what, `${this.#name}, row ${row}`, 'write an array of objects, or one object a line', cause);
  }
}

/** An order with its lines is shorter; an object that never ends would take the rest of the file for one. */
const longestObject = 1_048_576;

/** A JSON number as it stood in the text: no float is made of it. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  valueOf(): number {
    return Number(this.text);
  }
}

/** Reads JSON in UTF-8 and keeps every number as its text. Throws `SyntaxError` or `TypeError`. */
export function parseWithNumberTexts(body: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), withNumberTexts);
}

function withNumberTexts(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
}

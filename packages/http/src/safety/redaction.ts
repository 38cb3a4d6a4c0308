/** Takes secrets out of text before it reaches an error or a log. Made by {@link createRedactor}. */
export interface Redactor {
  /** Text of any kind: a body, a message. */
  text(text: string): string;
  /** An address: user information and secret query parameters. */
  url(url: string): string;
  /** Headers: the values of secret ones. */
  headers(headers: Readonly<Record<string, string>>): Record<string, string>;
}

/**
 * Makes a redactor. It knows secrets by their names (`Authorization`, `Ocp-Apim-Subscription-Key`, `client_id`,
 * `client_secret`, anything called token, secret, password or key), by their shape (bearer and basic credentials, JWTs),
 * and by their value where the caller lists it.
 */
export function createRedactor(secrets: Iterable<string> = []): Redactor {
  const literals = literalForms(secrets);
  const withoutLiterals = (text: string): string =>
    literals.reduce((rest, literal) => rest.replaceAll(literal, mask), text);
  const text = (value: string): string =>
    withoutLiterals(value).replace(credentials, `$1 ${mask}`).replace(jwt, mask).replace(namedValue, `$1${mask}`);
  return {
    text,
    url: (url) => text(url.replace(userInformation, '$1')),
    headers: (headers) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, isSecretName(name) ? mask : text(value)]),
      ),
  };
}

/**
 * Takes what may name a person out of a target's own words: e-mail addresses, telephones, bank accounts, numbers of five
 * digits and more (customers, national identities), and names, which are words with a capital letter inside of a sentence, or
 * several in capitals. What remains says what was wrong: fields, codes and accounts of four digits.
 */
export function withoutPersons(text: string): string {
  return text
    .replaceAll(mailAddress, mask)
    .replaceAll(bankAccount, mask)
    .replaceAll(telephone, mask)
    .replaceAll(longNumber, mask)
    .replaceAll(namesInCapitals, mask)
    .replaceAll(names, (found, offset: number) => (isSentenceStart(text, found, offset) ? found : mask));
}

/** Whether a header, a query parameter or a field of this name carries a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

const mask = '***';

const mailAddress = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;

/** `1920:10001` is an account; the sub-accounts of 1500 and 2400 are customers and suppliers. */
const longNumber =
  /(?<![\p{L}\d_])(?<!(?<!\d)(?:1[0-46-9]|2[0-35-9]|[3-9]\d)\d\d:)\d{5,}(?![\p{L}\d_])|(?<!\d)\d{6}[ -]?\d{5}(?!\d)/gu;

/** An IBAN (ISO 13616), in groups or in one. */
const bankAccount =
  /(?<![\p{L}\d_])[A-Z]{2}\d{2}(?:[ \u00A0]?[\dA-Z]{4}){2,7}(?:[ \u00A0]?[\dA-Z]{1,3})?(?![\p{L}\d_])/gu;

/** In groups of two and three digits; an amount of millions looks the same, and is not missed. */
const telephone = /(?<![\p{L}\d_.,-])(?:\+\d{1,3}[ \u00A0]?)?\d{2,3}(?:[ \u00A0]\d{2,3}){2,4}(?![\p{L}\d_])/gu;

/** The register of businesses writes the names of persons in capitals. One word alone is a code. */
const namesInCapitals = /(?<![\p{L}\p{N}_])\p{Lu}{2,40}(?:,?[-' \u00A0]{1,3}\p{Lu}{2,40}){1,8}(?![\p{L}\p{N}_])/gu;

/** A capital inside of a word is that of a field (`VoucherDate`), but after `Mc` and its like. */
const names =
  /(?<![\p{L}\p{N}_])(?:Mc|Mac|Fitz)?\p{Lu}\p{Ll}{1,40}(?:[-' \u00A0]{1,3}(?:Mc|Mac|Fitz)?\p{Lu}\p{Ll}{0,40}\.?){0,8}(?![\p{L}\p{N}_])/gu;

/** A single word there has its capital letter from the sentence. */
function isSentenceStart(text: string, found: string, offset: number): boolean {
  return !/\s/.test(found) && /(?:^|[.!?/] )$/.test(text.slice(Math.max(0, offset - 2), offset));
}

const secretName = /authorization|cookie|token|secret|password|client[-_]?id|(?:api|subscription|access)[-_]?key/i;

const credentials = /\b(bearer|basic)\s+[\w.~+/=-]+/gi;

const jwt = /\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g;

const userInformation = /^(\w+:\/\/)[^/?#@]*@/;

// The counts are bounded so that a long body cannot make the search slow.
const namedValue =
  /((?<![\w-])[\w-]{0,40}(?:authorization|cookie|token|secret|password|client[-_]?id|(?:api|subscription|access)[-_]?key)[\w-]{0,40}\\?["']?\s{0,4}[:=]\s{0,4})(?:\\"[^"]*"?|"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s&,;"'}\]]+)/gi;

function literalForms(secrets: Iterable<string>): readonly string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < shortestSecret) continue;
    forms.add(secret);
    forms.add(encodeURIComponent(secret));
    forms.add(JSON.stringify(secret).slice(1, -1));
  }
  return [...forms].sort((a, b) => b.length - a.length);
}

/** Shorter values would be found by chance inside ordinary words and numbers. */
const shortestSecret = 4;

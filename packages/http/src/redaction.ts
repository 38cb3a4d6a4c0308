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
 *
 * @example
 * ```ts
 * import { createRedactor } from '@bilag/http';
 *
 * const redactor = createRedactor(['s3cret-value']);
 * redactor.text('{"access_token":"abc","note":"s3cret-value"}'); // => '{"access_token":***,"note":"***"}'
 * redactor.url('https://api.example/x?token=abc&page=2'); // => 'https://api.example/x?token=***&page=2'
 * ```
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

/** Whether a header, a query parameter or a field of this name carries a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

const mask = '***';

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

/**
 * A name that somebody wrote, as an error may repeat it: in quotes, or `"…"` where it may be a key that was written in the
 * place of a name. An error is copied into chats and logs.
 *
 * @example
 * ```ts
 * import { quotedName } from '@bilag/core';
 *
 * quotedName('fiken-2'); // => '"fiken-2"'
 * quotedName('eyJ0b2tlbiI6IjEyMyJ9'); // => '"…"'
 * ```
 */
export function quotedName(text: string): string {
  return mayBeKey(text) ? '"…"' : JSON.stringify(text);
}

/** Names are short and made of words. Keys are long, or have runs without a word in them, or say what they are. */
function mayBeKey(text: string): boolean {
  if (text.length > longestName || /eyJ|\/\/[^/]*@|^\s*bearer\b/i.test(text)) return true;
  if (/(?:^|[^a-z])(?:sk|pk|rk|secret|token|password|passord)[-_:=.]/i.test(text)) return true;
  if (/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}/i.test(text)) return true;
  return text.split(/[^\p{L}\p{N}]+/u).some(hasNoWord);
}

const longestName = 60;

function hasNoWord(run: string): boolean {
  if (run.length < 12) return false;
  const isMixed = /\d/.test(run) && /\p{L}/u.test(run);
  const isOfBothCases = (run.match(/[a-z][A-Z]|\d[A-Z]/g) ?? []).length > 3;
  return isMixed || isOfBothCases || run.length > 30;
}

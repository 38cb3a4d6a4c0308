import { BilagError } from '@bilag/core';

/** The forms of an adapter's name in its package. */
export interface AdapterNames {
  /** The id, and part of file names: `my-books`. */
  readonly kebab: string;
  /** `myBooks`. */
  readonly camel: string;
  /** `MyBooks`. */
  readonly pascal: string;
  /** For people: `My Books`. */
  readonly title: string;
  /** `MY_BOOKS`. */
  readonly upper: string;
}

/**
 * The forms of a name as it was given: `My Books`, `my-books`. Throws `config` for one that is no name of a package.
 */
export function adapterNames(given: string): AdapterNames {
  const words = given.trim().split(/[\s_-]+/);
  const lower = words.map((word) => word.toLowerCase());
  const kebab = lower.join('-');
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(kebab) || kebab.length > longestId) {
    throw new BilagError('config', {
      what: `"${given.slice(0, longestId)}" is not the name of an adapter`,
      where: 'the name',
      action: `use at most ${longestId} letters (a-z), digits and hyphens, with a letter first, such as my-books`,
    });
  }
  if (takenWords.includes(kebab)) {
    throw new BilagError('config', {
      what: `"${kebab}" is a word of JavaScript, and the adapter is exported by its name`,
      where: 'the name',
      action: `add another word, such as ${kebab}-books`,
    });
  }
  const capitals = lower.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const [first = '', ...rest] = capitals;
  const isWritten = words.some((word) => /[A-Z]/.test(word));
  return {
    kebab,
    camel: first.charAt(0).toLowerCase() + first.slice(1) + rest.join(''),
    pascal: capitals.join(''),
    title: (isWritten ? words : capitals).join(' '),
    upper: kebab.toUpperCase().replaceAll('-', '_'),
  };
}

const longestId = 40;

/** Names that no variable of a module may have (ECMA-262, 12.7.2), and `test`, which the package's own tests import. */
const takenWords: readonly string[] = [
  'await break case catch class const continue debugger default delete do else enum export extends false finally for',
  'function if implements import in instanceof interface let new null package private protected public return static',
  'super switch this throw true try typeof var void while with yield arguments eval test',
].flatMap((words) => words.split(' '));

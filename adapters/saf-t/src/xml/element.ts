import { BilagError } from '@bilag/core';
import { maxLengthOf, type Profile } from '../profile.ts';
import { cleanText, cutText, element as field } from './text.ts';

/** A small part of the file as a tree: what stands in the header and the master files. */
export interface Element {
  readonly name: string;
  readonly content: string | readonly Element[];
}

/** An element with text; nothing for nothing, since the schema takes no empty elements. */
export function leaf(name: string, value: string | number | undefined): Element | undefined {
  return value === undefined || value === '' ? undefined : { name, content: cleanText(String(value)) };
}

/** An element with elements; nothing when it would be empty. */
export function branch(name: string, children: readonly (Element | undefined)[]): Element | undefined {
  const content = children.filter((child) => child !== undefined);
  return content.length === 0 ? undefined : { name, content };
}

/** Descriptions are cut when they are too long; anything else (names, numbers, references) is refused. */
const cuttable = /Description$/;

/** Writes a tree as indented XML, with every length checked against the version's schema. */
export function toXml(element: Element | undefined, profile: Profile, depth: number, path = ''): string {
  if (element === undefined) return '';
  const { name, content } = element;
  if (typeof content === 'string') return field(2 * depth, name, fitted(name, content, profile, path));
  const indent = '  '.repeat(depth);
  const children = content.map((child) => toXml(child, profile, depth + 1, `${path}${name}/`));
  return `${indent}<${name}>\n${children.join('')}${indent}</${name}>\n`;
}

function fitted(name: string, value: string, profile: Profile, path: string): string {
  const max = maxLengthOf(profile.lengths, path.split('/').at(-2) ?? '', name);
  if (max === undefined || value.length <= max) return value;
  if (cuttable.test(name)) return cutText(value, max);
  throw new BilagError('config', {
    what: `${name} has more than the ${max} characters that SAF-T ${profile.version} takes`,
    where: `${path}${name} "${cutText(value, 40)}"`,
    action: 'shorten it where it is configured; only descriptions are cut',
  });
}

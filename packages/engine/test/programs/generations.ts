import type { OutputFile } from '@bilag/core';

export const fileNames: readonly string[] = ['a.xml', 'b.xml', 'c.xml', 'd.xml', 'e.xml'];

/** What a file of a generation holds: its own name and generation, from the first line to the last. */
export function contentOf(name: string, generation: number): string {
  return `${generation} ${name}\n`.repeat(2_000);
}

export function* filesOf(generation: number): Generator<OutputFile> {
  for (const name of fileNames) yield { name, mediaType: 'application/xml', content: [contentOf(name, generation)] };
}

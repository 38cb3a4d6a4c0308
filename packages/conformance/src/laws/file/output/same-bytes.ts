import type { WrittenFile } from '../../../files/file-subject.ts';
import { LawBroken, mustEqual } from '../../../law.ts';

/** The same files with the same bytes; says where they begin to differ. */
export function mustBeTheSameBytes(found: readonly WrittenFile[], wanted: readonly WrittenFile[], when: string): void {
  mustEqual(
    found.map(({ name }) => name),
    wanted.map(({ name }) => name),
    `the names of the files ${when}`,
  );
  for (const [place, { name, content }] of found.entries()) {
    const other = wanted[place]?.content ?? new Uint8Array();
    if (Buffer.compare(content, other) === 0) continue;
    const at = content.findIndex((byte, index) => byte !== other[index]);
    const from = at === -1 ? content.length : at;
    throw new LawBroken(
      `${name} ${when} has other bytes from place ${from} on: ${around(content, from)}, and should have ${around(other, from)}`,
    );
  }
}

function around(content: Uint8Array, place: number): string {
  return JSON.stringify(Buffer.from(content.subarray(Math.max(0, place - 20), place + 20)).toString('utf8'));
}

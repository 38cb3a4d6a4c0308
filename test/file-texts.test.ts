import { subjects as csv } from '../adapters/csv/test/conformance.ts';
import { subjects as gbat10 } from '../adapters/gbat10/test/conformance.ts';
import { subjects as journal } from '../adapters/journal/test/conformance.ts';
import { subjects as safT } from '../adapters/saf-t/test/conformance.ts';
import { subjects as sie } from '../adapters/sie/test/conformance.ts';
import { openFileWorld } from '../packages/conformance/src/files/file-world.ts';
import { describe, expect, test } from 'vitest';

/** Clears a terminal, breaks lines, and turns the order of what is read: `1.00` could be shown as `00.1`. */
const hostile = 'Kafé \u001b[2J \u009b2J \u0085 \u007f \u202e00.1\u202c \u2066x\u2069 \u200f \u061c \u2028 øl';
// oxlint-disable-next-line no-control-regex
const steering = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
// oxlint-disable-next-line no-control-regex
const steeringByte = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const subjects = Object.entries({ csv, gbat10, journal, safT, sie }).flatMap(([target, all]) =>
  all.map((subject, index) => ({ target: `${target} ${index + 1}`, subject })),
);

describe('a file steers nobody who reads it', () => {
  test.each(subjects)('$target', async ({ subject }) => {
    const world = openFileWorld(subject);
    const book = world.book({
      vouchers: [world.vouchers.sales([11_100], { text: hostile, description: hostile })],
      company: { name: hostile },
    });
    const accounts = book.accounts.map((account) => ({ ...account, name: hostile }));
    const rendered = await world.render({ ...book, accounts });
    expect(rendered.length).toBeGreaterThan(0);
    for (const { content } of rendered) {
      expect(steeringIn(Buffer.from(content))).toBeUndefined();
    }
  });
});

/** In a code page the letters of our languages lie where UTF-8 and Latin-1 have others. */
function steeringIn(content: Buffer): string | undefined {
  const text = content.toString('utf8');
  const found = text.includes('\ufffd') ? steeringByte.exec(content.toString('latin1')) : steering.exec(text);
  return found?.[0];
}

import { plainTextPdf, type Attachment } from '@bilag/core';
import { mustEqual, mustHold } from '../../law.ts';
import type { ServiceLaw } from '../../services/service-law.ts';
import type { ServiceWorld } from '../../services/service-world.ts';
import { booksOf, failureOf, mustBeOf } from './expectations.ts';

/** The documentation of a voucher is kept for years with it. */
export const attachment: ServiceLaw = {
  id: 'attachment',
  sentence: 'A file arrives whole, byte for byte, once however often it is added, and leaves the books as they are.',
  excuse: ({ can }) => (can.attach ? undefined : 'no attach()'),
  async prove(open) {
    const world = await open();
    for (const file of [smallFile, largeFile]) {
      for (const voucher of [world.vouchers.sales(), world.vouchers.payout()]) {
        const { id } = await world.connect().post(voucher, voucher.key);
        const books = booksOf(world);
        await attach(world, id, file);
        mustHoldFile(world, id, file);
        await attach(world, id, file);
        mustHoldFile(world, id, file);
        mustEqual(booksOf(world), books, 'the books after a file was added');
      }
    }
    await mustSurviveLostReply(await open());
  },
};

const smallFile: Attachment = {
  name: 'bilag-2026-03-02.pdf',
  mediaType: 'application/pdf',
  content: plainTextPdf('dato;beløp\n2026-03-02;1 234,50\n', { title: 'bilag' }),
};

/** A million bytes of every value, with line ends and what looks like the end of a form. */
const largeFile: Attachment = { name: 'stor-fil.pdf', mediaType: 'application/pdf', content: millionBytes() };

function millionBytes(): Uint8Array {
  const content = new Uint8Array(1_000_003);
  for (let index = 0; index < content.length; index += 1) content[index] = (index * 7 + (index >> 8)) & 255;
  content.set(new TextEncoder().encode('%PDF-1.4\n'));
  content.set(new TextEncoder().encode('\r\n--\r\n\r\n----\r\n'), 500_000);
  content.set(new TextEncoder().encode('\n%%EOF\n'), content.length - 7);
  return content;
}

async function attach(world: ServiceWorld, id: string, file: Attachment): Promise<void> {
  await world.connect().attach?.(id, file);
}

function mustHoldFile(world: ServiceWorld, id: string, { name, content }: Attachment): void {
  const files = world.backDoor.held().find((held) => held.id === id)?.files ?? [];
  mustEqual(files.length, 1, `how many files lie with the voucher after ${name} was added`);
  const held = files[0]?.content ?? new Uint8Array();
  mustEqual(held.length, content.length, `the bytes of ${name} in the target`);
  const at = Buffer.compare(held, content) === 0 ? -1 : held.findIndex((byte, index) => byte !== content[index]);
  mustHold(at === -1, `${name} differs in the target from byte ${at} on`);
}

/** The file is there, and nobody was told. */
async function mustSurviveLostReply(world: ServiceWorld): Promise<void> {
  const voucher = world.vouchers.sales();
  const { id } = await world.connect().post(voucher, voucher.key);
  const files = (): number => world.backDoor.held().reduce((count, held) => count + held.files.length, 0);
  const armed = world.target.server.faults.arm({
    kind: 'answer',
    times: Infinity,
    answer: async (request, handle) => {
      const before = files();
      const reply = await handle(request);
      return files() > before ? { status: 500, body: 'Something went wrong' } : reply;
    },
  });
  const what = 'a file that was stored and answered with 500';
  const error = await failureOf(attach(world, id, smallFile), what);
  await armed.disarm();
  if (error !== undefined) mustBeOf(error, ['unknown-outcome'], what);
  await attach(world, id, smallFile);
  mustHoldFile(world, id, smallFile);
}

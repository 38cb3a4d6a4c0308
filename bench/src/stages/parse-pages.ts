import { openArchive } from '@bilag/engine';

/** What `JSON.parse` takes of the pages of an archive: `parse-pages.ts <archive>`. Seconds of processor, the best of some runs. */
const [folder = ''] = process.argv.slice(2);
const archive = await openArchive(folder, { create: false });
const bodies: Uint8Array[] = [];
for (const { id } of await archive.ledgers())
  for await (const { body } of archive.pages({ ledgerId: id })) bodies.push(body);
await archive.close();

let best = Infinity;
for (let run = 0; run < 5; run += 1) {
  const cpu = process.cpuUsage();
  for (const body of bodies) JSON.parse(Buffer.from(body).toString());
  const { user, system } = process.cpuUsage(cpu);
  best = Math.min(best, (user + system) / 1e6);
}
process.stdout.write(`${JSON.stringify({ stage: 'parse-pages', seconds: best })}\n`);

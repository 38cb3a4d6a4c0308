// Writes a file much larger than the memory it may take, and prints how much memory it took at most, in kilobytes.
import { writeOutputSet } from '@bilag/engine';

function* lines() {
  for (let number = 0; number < 4_000_000; number += 1) yield 'a line of fifty characters, which is not so very long\n';
}

const file = { name: 'large.txt', mediaType: 'text/plain', content: lines() };
const before = process.resourceUsage().maxRSS;
const { files } = await writeOutputSet(process.argv[2] ?? '', [file]);
const grown = process.resourceUsage().maxRSS - before;
process.stdout.write(JSON.stringify({ bytes: files[0]?.bytes, grown }));

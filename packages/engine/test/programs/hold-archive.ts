// Writes once and then keeps the archive open, until somebody closes its standard input.
import { openArchive } from '@bilag/engine';

const archive = await openArchive(process.argv[2] ?? '');
await archive.setCursor({ source: 'holder', value: 'here' });
process.stdout.write('ready\n');
process.stdin.resume().on('end', () => void archive.close());

// Replaces a, b and c and adds d, but dies, as by `kill -9`, when three of the four files are in place.
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const rename = promises.rename;
promises.rename = async (from, to) => {
  if (String(from).endsWith('/files/c')) process.kill(process.pid, 'SIGKILL');
  await rename(from, to);
};
syncBuiltinESMExports();

const { writeOutputSet } = await import('@bilag/engine');
const files = ['d', 'a', 'b', 'c'].map((name) => ({ name, mediaType: 'text/plain', content: [`after ${name}`] }));
await writeOutputSet(process.argv[2] ?? '', files, { replace: true });

import { BilagError, type FileToImport } from '@bilag/core';

/** The text of a file, piece by piece. Throws `rejected` for what is not UTF-8: a guess would change names and amounts. */
export async function* textOf({ name, read }: Pick<FileToImport, 'name' | 'read'>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let seen = 0;
  for await (const bytes of read()) {
    if (seen === 0 && isUtf16(bytes)) throw notUtf8(name, 'it is UTF-16');
    yield decodedBy(() => decoder.decode(bytes, { stream: true }), name, seen);
    seen += bytes.length;
  }
  yield decodedBy(() => decoder.decode(), name, seen);
}

function decodedBy(decode: () => string, name: string, seen: number): string {
  try {
    return decode();
  } catch {
    throw notUtf8(name, `there is a byte after the first ${seen} that no letter is written with`);
  }
}

/** Programs mark UTF-16 by its first two bytes. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function notUtf8(where: string, why: string): BilagError {
  return new BilagError('rejected', {
    what: `the text is not UTF-8: ${why}`,
    where,
    action: 'get the file from the portal again, or save it as "CSV UTF-8"; nothing of it was imported',
  });
}

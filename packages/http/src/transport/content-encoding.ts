import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

/** What we take, most wanted first. Some servers and proxies compress without being asked: what comes is decoded anyhow. */
export const acceptEncoding = 'gzip, deflate, br';

/** A body that is not what its `Content-Encoding` says, or that would be larger than the bound: a bomb. */
export class EncodingFault extends Error {
  readonly isTooLarge: boolean;

  constructor(message: string, isTooLarge: boolean) {
    super(message);
    this.isTooLarge = isTooLarge;
  }
}

/** Undoes the encodings of a body, the last applied first. Never more than `maxBytes` are made. */
export async function decodeBody(body: Uint8Array, encodings: string, maxBytes: number): Promise<Uint8Array> {
  const names = encodings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const applied = names.filter((name) => name !== '' && name !== 'identity');
  if (body.byteLength === 0 || applied.length === 0) return body;
  if (applied.length > mostEncodings) throw new EncodingFault(`the reply is encoded ${applied.length} times`, false);
  let decoded = body;
  for (const name of applied.toReversed()) decoded = await decodeOnce(decoded, name, maxBytes);
  return decoded;
}

/** RFC 9110 §8.4 allows several; nobody sends more than two. */
const mostEncodings = 2;

async function decodeOnce(body: Uint8Array, name: string, maxOutputLength: number): Promise<Uint8Array> {
  const decode = decoders.get(name);
  if (decode === undefined)
    throw new EncodingFault(`the reply has an encoding we do not know: ${name.slice(0, 40)}`, false);
  try {
    return await decode(body, { maxOutputLength });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    const what = isTooLarge
      ? `the reply, decoded, is larger than ${maxOutputLength} bytes`
      : `the reply is not ${name}`;
    throw new EncodingFault(what, isTooLarge);
  }
}

type Decoder = (body: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const gzipDecoder: Decoder = promisify(gunzip);

const decoders: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', gzipDecoder],
  ['x-gzip', gzipDecoder],
  // RFC 9110 §8.4.1.2 wants the zlib format; some servers send it without its frame. Its first byte tells (RFC 1950).
  ['deflate', async (body, options) => promisify((body[0] ?? 0) % 16 === 8 ? inflate : inflateRaw)(body, options)],
  ['br', promisify(brotliDecompress)],
]);

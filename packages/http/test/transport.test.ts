import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getEventListeners } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpError } from '@bilag/http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from 'undici';
import { describeWithTool } from '../../../test/support.ts';

const clients: HttpClient[] = [];
const servers: Server[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

function clientOf(baseUrl: string, options: HttpClientOptions = {}): HttpClient {
  const client = createHttpClient({ baseUrl, sleep: async () => undefined, retry: { attempts: 2 }, ...options });
  clients.push(client);
  return client;
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serve(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(answer))}`;
}

async function errorFrom(promise: Promise<unknown>): Promise<HttpError> {
  return promise.then(
    () => expect.fail('there was no error'),
    (thrown: unknown) => thrown as HttpError,
  );
}

const text = '{"items":["kaffe, brød og smør"]}';

test('a request that is over leaves no timer behind, and nothing that listens to its caller', async () => {
  const { signal } = new AbortController();
  const client = clientOf(await serve((_, response) => response.end('{}')), { timeouts: { totalMs: 3_600_000 } });
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  await client.get('/x', { signal });
  const before = timers();
  for (let request = 0; request < 20; request += 1) await client.get('/x', { signal });
  expect(timers() - before).toBeLessThan(5);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

describe('what a request says of itself', () => {
  test('who asks, and which encodings are taken: of reads and writes', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const client = clientOf(
      await serve((request, response) => {
        seen.push(request.headers);
        response.end('{}');
      }),
    );
    await client.get('/x');
    await client.post('/x', { json: {} });
    await client.get('/x', { headers: { 'User-Agent': 'my-system/2' } });
    expect(seen.map((headers) => headers['user-agent'])).toEqual([
      expect.stringMatching(/^bilag\/\d+\.\d+\.\d+/),
      seen[0]?.['user-agent'],
      'my-system/2',
    ]);
    expect(seen.map((headers) => headers['accept-encoding'])).toEqual(seen.map(() => 'gzip, deflate, br'));
  });
});

describe('an encoded reply', () => {
  const encoded =
    (encoding: string, body: Uint8Array | string, status = 200): RequestListener =>
    (_, response) => {
      response.writeHead(status, { 'content-encoding': encoding, 'content-type': 'application/json' });
      response.end(body);
    };

  test.for<[string, Uint8Array]>([
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['deflate, gzip', gzipSync(deflateSync(text))],
  ])('in %s is read', async ([encoding, body]) => {
    const client = clientOf(await serve(encoded(encoding, body)));
    expect(Buffer.from((await client.get('/x')).bytes).toString()).toBe(text);
  });

  test('the message of a refusal is read too', async () => {
    const body = gzipSync('{"title":"No such ledgerId"}');
    const client = clientOf(await serve(encoded('gzip', body, 404)));
    expect((await errorFrom(client.get('/x'))).message).toContain('HTTP 404: No such ledgerId');
  });

  test.for<[string, string, Uint8Array | string]>([
    ['cut off', 'gzip', gzipSync(text).subarray(0, 20)],
    ['that is something else', 'br', text],
    ['in an encoding nobody asked for', 'zstd', text],
    ['encoded again and again', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(text)))],
  ])('%s: a read is tried again, of a write the outcome is unknown', async ([, encoding, body]) => {
    let asked = 0;
    const answer = encoded(encoding, body);
    const client = clientOf(
      await serve((request, response) => {
        asked += 1;
        answer(request, response);
      }),
    );
    expect((await errorFrom(client.get('/x'))).kind).toBe('unavailable');
    expect(asked).toBe(2);
    expect((await errorFrom(client.post('/x', { json: {} }))).kind).toBe('unknown-outcome');
    expect(asked).toBe(3);
  });

  test.for([gzipSync, deflateSync, brotliCompressSync])('that would fill the memory is refused (%o)', async (pack) => {
    const encoding =
      new Map<unknown, string>([
        [gzipSync, 'gzip'],
        [deflateSync, 'deflate'],
        [brotliCompressSync, 'br'],
      ]).get(pack) ?? '';
    const bomb = pack(Buffer.alloc(16 * 1024 * 1024));
    expect(bomb.byteLength).toBeLessThan(100_000);
    const client = clientOf(await serve(encoded(encoding, bomb)), { maxBodyBytes: 100_000 });
    const error = await errorFrom(client.get('/x'));
    expect(error.kind).toBe('rejected');
    expect(error.message).toContain('the reply, decoded, is larger than 100000 bytes');
  });
});

describeWithTool('openssl')('a connection that cannot be trusted is a fault of the set-up', () => {
  let folder: string;

  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'bilag-tls-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A certificate signed by itself. */
  function certificate(names: string, days: number): ServerOptions {
    const of = (name: string): string => join(folder, `${days}-${name}`);
    const openssl = (...argv: readonly string[]): void => void execFileSync('openssl', argv, { stdio: 'ignore' });
    writeFileSync(of('names'), `subjectAltName=${names}`);
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', of('key'), '-out', of('request'), '-subj', '/CN=test');
    const signed = ['-signkey', of('key'), '-out', of('cert'), '-days', String(days), '-extfile', of('names')];
    openssl('x509', '-req', '-in', of('request'), ...signed);
    return { key: readFileSync(of('key')), cert: readFileSync(of('cert')) };
  }

  async function serveTls(options: ServerOptions): Promise<number> {
    return listen(createTlsServer(options, (_, response) => void response.end('{}')));
  }

  async function bothErrors(address: string): Promise<readonly HttpError[]> {
    const client = clientOf(address);
    return [await errorFrom(client.get('/x')), await errorFrom(client.post('/x', { json: {} }))];
  }

  test('a certificate signed by itself', async () => {
    const port = await serveTls(certificate('IP:127.0.0.1', 30));
    for (const error of await bothErrors(`https://127.0.0.1:${port}`)) {
      expect(error.kind).toBe('config');
      expect(error.message).toContain(
        'the certificate is signed by itself and not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
      );
      expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
      expect(error.message).toContain('nothing was sent');
    }
  });

  test.for<[string, string, number, string]>([
    ['has expired', 'IP:127.0.0.1', -1, 'CERT_HAS_EXPIRED'],
    ['is for another name', 'DNS:other.example', 30, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('a certificate that %s', async ([what, names, days, code]) => {
    const options = certificate(names, days);
    const port = await serveTls(options);
    const dispatcher = new Agent({ connect: { ca: options.cert as Buffer } });
    const error = await errorFrom(clientOf(`https://127.0.0.1:${port}`, { dispatcher }).get('/x'));
    await dispatcher.close();
    expect(error.kind).toBe('config');
    expect(error.message).toContain(`the certificate ${what}`);
    expect(error.message).toContain(code);
  });

  test('a server that speaks no TLS, or only an old one', async () => {
    const plain = await listen(createServer((_, response) => void response.end('{}')));
    const old = await serveTls({
      ...certificate('IP:127.0.0.1', 30),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    for (const port of [plain, old]) {
      const [read, write] = await bothErrors(`https://127.0.0.1:${port}`);
      expect(read?.kind).toBe('config');
      expect(read?.message).toContain('the other side speaks no TLS that can be used here');
      // A record that cannot be read may also come after a request: of a write nobody knows.
      expect(write?.kind).toBe('unknown-outcome');
    }
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on this machine that answers as Acme Pay does: replace its answers by those of the vendor's documentation. */
export interface FakeAcmePay {
  readonly url: string;
  readonly token: string;
  readonly requests: () => number;
  close(): Promise<void>;
}

/** Pages of a date by their numbers. The last date may still change. */
const days: Readonly<Record<string, readonly (readonly object[])[]>> = {
  '2026-07-01': [
    [
      { id: 'p1', type: 'capture', amount: 25000 },
      { id: 'p2', type: 'capture', amount: 9900 },
    ],
    [{ id: 'p1', type: 'refund', amount: -25000 }],
  ],
  '2026-07-02': [[]],
  '2026-07-03': [[{ id: 'p3', type: 'capture', amount: 5000 }]],
};

export async function startFakeAcmePay(): Promise<FakeAcmePay> {
  const token = 'token-of-a-fake-merchant';
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { error: 'unknown token' });
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/ledgers')
      return answer(200, [{ id: 'main', currency: 'NOK', owner: '987654321', name: 'Shop' }]);
    const date = pathname.split('/').at(-1) ?? '';
    const page = Number(searchParams.get('page'));
    const pages = days[date];
    if (pages === undefined) return answer(404, { error: 'no such date' });
    const next = page + 1 < pages.length ? page + 1 : null;
    answer(200, { closed: date !== '2026-07-03', next, entries: pages[page] ?? [] });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    requests: () => requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

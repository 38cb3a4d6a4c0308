import { createServer, type Server } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';

/** What our pages ask for: `GET /merchants/m001/receipts`. They read our own table and know nothing of Bilag. */
export function createReceiptsServer(database: DatabaseSync): Server {
  const receipts = database.prepare(
    `SELECT reference, date, total, status, ledger_number AS "ledgerNumber", note
     FROM voucher_receipt WHERE merchant_id = ? ORDER BY date, reference`,
  );
  return createServer(({ method, url = '' }, response) => {
    const [, merchantId] = /^\/merchants\/([\w-]+)\/receipts$/.exec(url) ?? [];
    if (method !== 'GET' || merchantId === undefined) return void response.writeHead(404).end();
    response.setHeader('content-type', 'application/json').end(JSON.stringify(receipts.all(merchantId)));
  });
}

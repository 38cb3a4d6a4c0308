import {
  BilagError,
  expectedDigest,
  type CompanyInfo,
  type PlainDate,
  type Posted,
  type Receipt,
  type Voucher,
} from '@bilag/core';
import { SampleError } from '../../sample/sample-client.ts';
import { SampleService, type SampleBody, type SampleVoucher } from '../../sample/sample-service.ts';
import { saboteur, type ServiceSaboteur } from './saboteur.ts';

const remembered: Map<string, Posted> = new Map();

const tellsDuplicates = { by: 'server-reference' } as const;

/** Mistakes in what is read back, looked up and told. */
export const readingSaboteurs: readonly ServiceSaboteur[] = [
  saboteur(
    'identified',
    'the company is named by its session',
    class extends SampleService {
      override async identify(): Promise<CompanyInfo> {
        const company = await super.identify();
        return { ...company, id: `${company.id}-${this.client.context.now()}` };
      }
    },
  ),
  saboteur(
    'receipt',
    'the receipt repeats what was sent',
    class extends SampleService {
      protected override async receipt(id: string, outcome: Receipt['outcome'], voucher?: Voucher): Promise<Receipt> {
        if (voucher === undefined) return super.receipt(id, outcome);
        return { outcome, id, digest: expectedDigest(voucher, this.view) };
      }
    },
  ),
  saboteur(
    'receipt',
    'every voucher is said to have been there before',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        return { ...(await super.post(voucher, reference)), outcome: 'exists' };
      }
    },
  ),
  saboteur(
    'receipt',
    'the receipt names the voucher by the number that people see',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        const receipt = await super.post(voucher, reference);
        return { ...receipt, id: `2026-${receipt.id}` };
      }
    },
    { also: 'many' },
  ),
  saboteur(
    'receipt',
    'what was posted is remembered, and not searched for again',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        const receipt = await super.post(voucher, reference);
        const [posted] = await super.find(reference);
        const { url } = this.client.config;
        if (posted !== undefined) remembered.set(`${url} ${reference}`, posted);
        return receipt;
      }

      override async find(reference: string): Promise<readonly Posted[]> {
        const posted = remembered.get(`${this.client.config.url} ${reference}`);
        return posted === undefined ? super.find(reference) : [posted];
      }
    },
    { also: ['reversal', 'found'] },
  ),
  saboteur(
    'long',
    'only the first hundred lines are read back',
    class extends SampleService {
      protected override toPosted(voucher: SampleVoucher): Posted {
        return super.toPosted({ ...voucher, lines: voucher.lines.slice(0, 100) });
      }
    },
  ),
  saboteur(
    'once',
    'a duplicate that the target refuses is an error',
    class extends SampleService {
      protected override afterRefusal(error: unknown, body: SampleBody): Promise<Receipt> {
        if (error instanceof SampleError && error.told.reason === 'duplicate') throw error;
        return super.afterRefusal(error, body);
      }
    },
    { dedupe: tellsDuplicates },
  ),
  saboteur(
    'once',
    'every send has a key of its own',
    class extends SampleService {
      #sent = 0;

      protected override async write(body: SampleBody): Promise<string> {
        const headers = { 'idempotency-key': `${this.client.context.now()}-${(this.#sent += 1)}` };
        const reply = await this.client.json({ method: 'POST', path: '/vouchers', json: body, headers });
        return (reply as { readonly id: string }).id;
      }
    },
    { dedupe: { by: 'server-key', keptMs: 86_400_000 }, also: ['other-content'] },
  ),
  saboteur(
    'other-content',
    'what is there already is taken for what was to be posted',
    class extends SampleService {
      #posting: Voucher | undefined;

      override post(voucher: Voucher, reference: string): Promise<Receipt> {
        this.#posting = voucher;
        return super.post(voucher, reference);
      }

      protected override async receipt(id: string, outcome: Receipt['outcome'], voucher?: Voucher): Promise<Receipt> {
        const receipt = await super.receipt(id, outcome, voucher);
        if (outcome === 'created' || this.#posting === undefined) return receipt;
        return { ...receipt, digest: expectedDigest(this.#posting, this.view) };
      }
    },
    { dedupe: tellsDuplicates, can: ['list', 'reverse', 'attach'] },
  ),
  saboteur(
    'crash',
    'a key is said to be remembered for a day, and the target forgets it after ten minutes',
    SampleService,
    {
      dedupe: { by: 'server-key', keptMs: 86_400_000 },
      target: { dedupe: { by: 'server-key', keptMs: 600_000 } },
      can: [],
    },
  ),
  saboteur(
    'found',
    'whatever the search shows is taken for a hit',
    class extends SampleService {
      override find(reference: string): Promise<readonly Posted[]> {
        return Array.fromAsync(this.search(`reference=${encodeURIComponent(reference)}`));
      }
    },
  ),
  saboteur(
    'found',
    'a reference is found whatever its case, and in the middle of others',
    class extends SampleService {
      override async find(reference: string): Promise<readonly Posted[]> {
        const all = await Array.fromAsync(this.search('from=2000-01-01&to=2099-12-31'));
        return all.filter((posted) => posted.reference.toLowerCase() === reference.toLowerCase());
      }
    },
  ),
  saboteur(
    'listed',
    'only the first page is listed',
    class extends SampleService {
      override async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
        const reply = await this.client.json({ path: `/vouchers?from=${from}&to=${to}&page=0` });
        for (const voucher of (reply as { readonly vouchers: readonly SampleVoucher[] }).vouchers) {
          yield this.toPosted(voucher);
        }
      }
    },
  ),
  saboteur(
    'listed',
    'the last date is not listed',
    class extends SampleService {
      override async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
        for await (const posted of super.list(from, to)) if (posted.date < to) yield posted;
      }
    },
    { also: ['date'] },
  ),
  saboteur(
    'listed',
    'what was reversed is listed as if it were not',
    class extends SampleService {
      override async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
        for await (const posted of super.list(from, to)) yield { ...posted, state: 'live' };
      }
    },
  ),
  saboteur(
    'listed',
    'reversals are not listed',
    class extends SampleService {
      override async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
        for await (const posted of super.list(from, to)) if (posted.reverses === undefined) yield posted;
      }
    },
  ),
  saboteur(
    'listed',
    'everything is listed, whatever dates were asked for',
    class extends SampleService {
      override async *list(): AsyncGenerator<Posted> {
        yield* this.search('from=2000-01-01&to=2099-12-31');
      }
    },
    { also: ['date'] },
  ),
  saboteur(
    'listed',
    'vouchers are listed without their lines',
    class extends SampleService {
      override async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
        for await (const posted of super.list(from, to)) yield { ...posted, lines: [] };
      }
    },
  ),
  saboteur(
    'reversal',
    'what was reversed is found as if it were not',
    class extends SampleService {
      override async find(reference: string): Promise<readonly Posted[]> {
        return (await super.find(reference)).map((posted) => ({ ...posted, state: 'live' }));
      }
    },
  ),
  saboteur(
    'reversal',
    'every reversal is said to be new',
    class extends SampleService {
      override async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
        return { ...(await super.reverse(id, date, reference)), outcome: 'created' };
      }
    },
  ),
  saboteur(
    'reversal',
    'a reversal that was answered with an error is taken for not made',
    class extends SampleService {
      override async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
        try {
          return await super.reverse(id, date, reference);
        } catch (error) {
          throw new BilagError(
            'unavailable',
            { what: 'it was not reversed', where: id, action: 'try again' },
            { cause: error },
          );
        }
      }
    },
    { also: ['own-words'] },
  ),
  saboteur(
    'reversal',
    'a reversal stands on the date of what it reverses, whatever date was asked for',
    class extends SampleService {
      override async reverse(id: string, _date: PlainDate, reference: string): Promise<Receipt> {
        const { date } = (await this.client.json({ path: `/vouchers/${id}` })) as SampleVoucher;
        return super.reverse(id, date, reference);
      }
    },
  ),
  saboteur(
    'reversal',
    'another date than its own is quietly taken, although the adapter declares that it is not',
    SampleService,
    { reversal: 'own-date' },
  ),
  saboteur(
    'reversal',
    'a voucher is reversed by posting its opposite, which names nothing',
    class extends SampleService {
      override async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
        const { lines, state, ...original } = (await this.client.json({ path: `/vouchers/${id}` })) as SampleVoucher;
        if (state !== 'live') throw new BilagError('conflict', { what: 'it is reversed', where: id, action: 'look' });
        const turned = lines.map((line) => ({
          ...line,
          amount: line.amount.startsWith('-') ? line.amount.slice(1) : `-${line.amount}`,
        }));
        const { document, currency } = original;
        const made = await this.write({ document, currency, description: 'Reversal', reference, date, lines: turned });
        return this.receipt(made, 'created');
      }
    },
    { also: ['listed', 'date'] },
  ),
];

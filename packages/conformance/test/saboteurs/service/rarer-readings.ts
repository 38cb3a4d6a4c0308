import {
  addDays,
  BilagError,
  keyDate,
  plainDate,
  type CompanyInfo,
  type PlainDate,
  type Posted,
  type Receipt,
  type ServiceChart,
  type Voucher,
} from '@bilag/core';
import { SampleClient, SampleError, type SampleRequest } from '../../sample/sample-client.ts';
import { SampleService, type SampleBody } from '../../sample/sample-service.ts';
import { clientSaboteur, saboteur, type ServiceSaboteur } from './saboteur.ts';

/** Mistakes in what is told, each seen by one check alone. */
export const rarerReadingSaboteurs: readonly ServiceSaboteur[] = [
  company('the company has no id', { id: '' }),
  company('the company is said to keep its books in another currency', { currency: 'SEK' }),
  chart('accounts in use are told as closed', ({ accounts }) => ({
    accounts: accounts.map((account) => ({ ...account, isActive: false })),
  })),
  chart('an account is told twice', ({ accounts }) => ({ accounts: [...accounts, ...accounts.slice(0, 1)] })),
  chart('only the first VAT code is told', ({ vatCodes }) => ({ vatCodes: vatCodes.slice(0, 1) })),
  chart('departments are not told', () => ({ dimensions: [] })),
  chart(
    'the chart says that less is closed than is',
    ({ lockedThrough }) => (lockedThrough === undefined ? {} : { lockedThrough: plainDate('2026-01-31') }),
    'blocked',
  ),
  receipt('a voucher just made is said to have been there', { outcome: 'exists' }),
  receipt('a receipt tells no digest', { digest: '' }, 'many'),
  search('long', 'a search shows the first hundred lines', (posted) => ({ lines: posted.lines.slice(0, 100) })),
  search('date', 'a search shows the date of midnight here in UTC', ({ date }) => ({
    date: plainDate(new Date(`${date}T00:00:00`).toISOString().slice(0, 10)),
  })),
  saboteur(
    'found',
    'a reference is looked for on the date in it, and not where a locked period moved its voucher',
    class extends SampleService {
      override async find(reference: string): Promise<readonly Posted[]> {
        const date = keyDate(reference);
        const found = await super.find(reference);
        return found.filter((posted) => date === undefined || posted.date.slice(0, 4) === date.slice(0, 4));
      }
    },
  ),
  saboteur(
    'balanced',
    'what a net target cannot hold is refused as if the target were busy',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        try {
          return super.toBody(voucher, reference);
        } catch {
          throw strange('busy', reference);
        }
      }
    },
    { view: 'net' },
  ),
  reversed('a reversal just made is said to have been there', () => ({ outcome: 'exists' })),
  reversed('a reversal that was there is said to be new', () => ({ outcome: 'created' })),
  reversed('a reversal is told by the id of what it reverses', (id) => ({ id })),
  clientSaboteur(
    'reversal',
    'a reversal that was answered with an error is taken for not made',
    class extends SampleClient {
      protected override errorOf(reply: Response, text: string, request: SampleRequest): SampleError {
        const error = super.errorOf(reply, text, request);
        if (!request.path.endsWith('/reversal') || error.kind !== 'unknown-outcome') return error;
        return new SampleError(
          'unavailable',
          { what: error.what, where: error.where, action: error.action },
          { status: 500 },
        );
      }
    },
  ),
  list('lines are left out of a list', (posted) => [{ ...posted, lines: posted.lines.slice(1) }]),
  list('everything is listed as reversed', (posted) => [{ ...posted, state: 'reversed' }]),
  list('a reversal is not listed', (posted) => (posted.reverses === undefined ? [posted] : [])),
  list('every voucher is listed twice', (posted) => [posted, posted]),
  listFrom('the day after is listed too', 0, 1),
  listFrom('the day before is listed too', -1, 0),
  saboteur(
    'dimensions',
    'a department is refused as if the target were busy',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        if (hasDimensions(voucher)) throw strange('busy', reference);
        return super.toBody(voucher, reference);
      }
    },
  ),
  saboteur(
    'dimensions',
    'a department is refused after the voucher was posted',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        const made = await super.post(voucher, reference);
        if (hasDimensions(voucher)) throw strange('rejected', reference);
        return made;
      }
    },
  ),
];

function company(mistake: string, told: Partial<CompanyInfo>): ServiceSaboteur {
  return saboteur(
    'identified',
    mistake,
    class extends SampleService {
      override async identify(): Promise<CompanyInfo> {
        return { ...(await super.identify()), ...told };
      }
    },
  );
}

function chart(
  mistake: string,
  told: (chart: ServiceChart) => Partial<ServiceChart>,
  breaks: 'charted' | 'blocked' = 'charted',
): ServiceSaboteur {
  return saboteur(
    breaks,
    mistake,
    class extends SampleService {
      override async chart(): Promise<ServiceChart> {
        const sound = await super.chart();
        return { ...sound, ...told(sound) };
      }
    },
  );
}

function receipt(mistake: string, told: Partial<Receipt>, also: readonly string[] | 'many' = []): ServiceSaboteur {
  return saboteur(
    'receipt',
    mistake,
    class extends SampleService {
      protected override async receipt(id: string, outcome: Receipt['outcome'], voucher?: Voucher): Promise<Receipt> {
        const sound = await super.receipt(id, outcome, voucher);
        return outcome === 'created' && voucher !== undefined ? { ...sound, ...told } : sound;
      }
    },
    { also },
  );
}

function reversed(mistake: string, told: (id: string) => Partial<Receipt>): ServiceSaboteur {
  return saboteur(
    'reversal',
    mistake,
    class extends SampleService {
      override async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
        return { ...(await super.reverse(id, date, reference)), ...told(id) };
      }
    },
  );
}

function search(breaks: string, mistake: string, told: (posted: Posted) => Partial<Posted>): ServiceSaboteur {
  return saboteur(
    breaks,
    mistake,
    class extends SampleService {
      override async find(reference: string): Promise<readonly Posted[]> {
        return (await super.find(reference)).map((posted) => ({ ...posted, ...told(posted) }));
      }
    },
  );
}

function list(mistake: string, told: (posted: Posted) => readonly Posted[]): ServiceSaboteur {
  return saboteur(
    'listed',
    mistake,
    class extends SampleService {
      override async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
        for await (const posted of super.list(from, to)) yield* told(posted);
      }
    },
  );
}

function listFrom(mistake: string, earlier: number, later: number): ServiceSaboteur {
  return saboteur(
    'listed',
    mistake,
    class extends SampleService {
      override list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
        return super.list(addDays(from, earlier), addDays(to, later));
      }
    },
  );
}

function hasDimensions({ lines }: Voucher): boolean {
  return lines.some(({ dimensions = {} }) => Object.keys(dimensions).length > 0);
}

function strange(kind: 'busy' | 'rejected', where: string): BilagError {
  return new BilagError(kind, { what: 'it is strange', where: `voucher ${where}`, action: 'give it otherwise' });
}

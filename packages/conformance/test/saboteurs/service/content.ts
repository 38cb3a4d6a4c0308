import {
  add,
  amount,
  BilagError,
  containedVat,
  formatAmount,
  linesOf,
  subtract,
  sum,
  type JournalLine,
  type ServiceChart,
  type Voucher,
} from '@bilag/core';
import { SampleError } from '../../sample/sample-client.ts';
import { SampleService, type SampleBody } from '../../sample/sample-service.ts';
import { saboteur, type ServiceSaboteur } from './saboteur.ts';

/** Mistakes in what is sent. */
export const contentSaboteurs: readonly ServiceSaboteur[] = [
  saboteur(
    'exact',
    'amounts are kept in 32 bits',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const body = super.toBody(voucher, reference);
        const amounts = linesOf(voucher, this.view).map((line) => formatAmount(amount(line.amount | 0)));
        return { ...body, lines: body.lines.map((line, index) => ({ ...line, amount: amounts[index] ?? '' })) };
      }
    },
  ),
  saboteur(
    'balanced',
    'what a net target cannot hold is rounded off on an account of its own',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        return super.toBody(roundedOff(voucher), reference);
      }
    },
    { view: 'net' },
  ),
  saboteur(
    'balanced',
    'what a net target cannot hold is sent all the same, for the target to refuse',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const net = linesOf(voucher, 'net');
        const lines = voucher.lines.map((line) => withoutVat(line));
        const body = super.toBody({ ...voucher, lines }, reference);
        return {
          ...body,
          lines: body.lines.map((line, index) => {
            const { vat, amount: value } = net[index] ?? { amount: amount(0) };
            return { ...line, amount: formatAmount(value), ...(vat === undefined ? {} : { vatCode: vat.code }) };
          }),
        };
      }
    },
    { view: 'net' },
  ),
  saboteur(
    'vat',
    'lines of one account are added up, and the VAT is computed from the sum',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        return super.toBody({ ...voucher, lines: addedUp(voucher.lines) }, reference);
      }
    },
    { view: 'explicit' },
  ),
  saboteur(
    'vat',
    'VAT is sent on lines of its own to a target that adds it',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        return new SampleService('explicit', this.client).toBody(voucher, reference);
      }
    },
    { also: 'many' },
  ),
  saboteur(
    'vat',
    'gross amounts are sent to a target that adds VAT on top',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        return new SampleService('gross', this.client).toBody(voucher, reference);
      }
    },
    { view: 'net', also: 'many' },
  ),
  saboteur(
    'vat',
    'the VAT of services from abroad is left to the target, which knows nothing of it',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const lines = voucher.lines.map((line) => (line.vat?.kind === 'reverse-charge' ? withoutVat(line) : line));
        return super.toBody({ ...voucher, lines }, reference);
      }
    },
  ),
  saboteur(
    'order',
    'lines are sorted by account',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const body = super.toBody(voucher, reference);
        return { ...body, lines: body.lines.toSorted((a, b) => (a.account < b.account ? -1 : 1)) };
      }
    },
  ),
  saboteur(
    'date',
    'the date is made a moment at midnight here, and shown in UTC',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const moment = new Date(`${voucher.date}T00:00:00`);
        return { ...super.toBody(voucher, reference), date: moment.toISOString().slice(0, 10) };
      }
    },
  ),
  saboteur(
    'date',
    'the date is taken from the clock of the machine when it is posted',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const day = new Date(`${voucher.date}T12:00:00Z`);
        const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
        return { ...super.toBody(voucher, reference), date };
      }
    },
  ),
  saboteur(
    'text',
    'letters beyond ASCII become question marks',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const body = super.toBody(voucher, reference);
        return { ...body, description: body.description.replaceAll(/[^ -~]/g, '?') };
      }
    },
  ),
  saboteur(
    'text',
    'the reference stands at the end of a text that is cut off',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const cut = `${voucher.description} ${reference}`.slice(0, 200);
        return { ...super.toBody(voucher, reference), reference: cut.split(/\s/).at(-1) ?? '' };
      }
    },
  ),
  saboteur(
    'text',
    'a text that is too long is sent as it is',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        return { ...super.toBody(voucher, reference), description: voucher.description };
      }
    },
  ),
  saboteur(
    'text',
    'texts with other letters than English ones are refused',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        if (!/[^ -~]/.test(voucher.description)) return super.toBody(voucher, reference);
        const now = 'write it in plain letters; nothing was sent';
        throw new BilagError('rejected', {
          what: 'the text has letters that are not plain',
          where: reference,
          action: now,
        });
      }
    },
  ),
  saboteur(
    'dimensions',
    'a dimension that the target does not know is left out',
    class extends SampleService {
      protected override async write(body: SampleBody): Promise<string> {
        try {
          return await super.write(body);
        } catch (error) {
          if (!(error instanceof SampleError) || error.told.reason !== 'unknown-dimension') throw error;
          return super.write({ ...body, lines: body.lines.map(({ dimensions: _left, ...line }) => line) });
        }
      }
    },
  ),
  saboteur(
    'dimensions',
    'dimensions are left out',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const body = super.toBody(voucher, reference);
        return { ...body, lines: body.lines.map(({ dimensions: _dimensions, ...line }) => line) };
      }
    },
  ),
  saboteur(
    'currency',
    'every amount is taken for kroner',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        return { ...super.toBody(voucher, reference), currency: 'NOK' };
      }
    },
  ),
  saboteur(
    'reversal',
    'journal entries are sent without VAT codes, because only sales have VAT',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const body = super.toBody(voucher, reference);
        if (voucher.document === 'sale') return body;
        return { ...body, lines: body.lines.map(({ vatCode: _code, ...line }) => line) };
      }
    },
    { documents: ['sale', 'journal'], also: ['order', 'vat'] },
  ),
  saboteur(
    'charted',
    'rates are told in per cent',
    class extends SampleService {
      override async chart(): Promise<ServiceChart> {
        const chart = await super.chart();
        const inPercent = chart.vatCodes.map((code) => ({ ...code, rateBasisPoints: code.rateBasisPoints / 100 }));
        return { ...chart, vatCodes: inPercent };
      }
    },
  ),
  saboteur(
    'charted',
    'the accounts of a standard chart are told, and not those of the company',
    class extends SampleService {
      override async chart(): Promise<ServiceChart> {
        const chart = await super.chart();
        return { ...chart, accounts: [...chart.accounts, { number: '3999', name: 'Annet salg', isActive: true }] };
      }
    },
  ),
];

/** Lines whose VAT does not fit lose the difference to the fee account. */
function roundedOff(voucher: Voucher): Voucher {
  const lines = voucher.lines.map((line): JournalLine => {
    const { vat } = line;
    if (vat === undefined) return line;
    const onTop = amount(Math.sign(vat.net) * Math.round((Math.abs(vat.net) * vat.rateBasisPoints) / 10_000));
    return { ...line, amount: add(vat.net, onTop), vat: { ...vat, amount: onTop } };
  });
  const difference = subtract(amount(0), sum(lines.map((line) => line.amount)));
  const rounding: JournalLine = { account: '7770', amount: difference, text: 'Øreavrunding', facts: [] };
  return { ...voucher, lines: difference === 0 ? lines : [...lines, rounding] };
}

function withoutVat({ vat: _vat, ...line }: JournalLine): JournalLine {
  return line;
}

/** One line per account and code. */
function addedUp(lines: readonly JournalLine[]): JournalLine[] {
  const groups = Map.groupBy(lines, ({ account, vat, dimensions }) => JSON.stringify([account, vat?.code, dimensions]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const total = sum(group.map((line) => line.amount));
    if (first === undefined || total === 0) return [];
    const { vat } = first;
    if (vat === undefined || vat.kind !== 'contained') return [{ ...first, amount: total }];
    const own = containedVat(total, vat.rateBasisPoints);
    return [{ ...first, amount: total, vat: { ...vat, net: subtract(total, own), amount: own } }];
  });
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

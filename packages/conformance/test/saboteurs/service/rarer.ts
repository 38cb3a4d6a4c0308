import {
  amount,
  BilagError,
  formatAmount,
  type Attachment,
  type PlainDate,
  type Receipt,
  type Voucher,
} from '@bilag/core';
import { OwnDateService } from '../../sample/own-date-service.ts';
import { SampleError } from '../../sample/sample-client.ts';
import { SampleService, type SampleBody, type SampleVoucher } from '../../sample/sample-service.ts';
import { saboteur, type ServiceSaboteur } from './saboteur.ts';

/** Mistakes that one check alone of a law can see: each keeps what the other checks of its law look at. */
export const rarerSaboteurs: readonly ServiceSaboteur[] = [
  saboteur(
    'date',
    'the year is that of the week, and the last days of December lie in the next',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        const day = new Date(`${voucher.date}T12:00:00Z`);
        day.setUTCDate(day.getUTCDate() + 6 - day.getUTCDay());
        return { ...super.toBody(voucher, reference), date: `${day.getUTCFullYear()}${voucher.date.slice(4)}` };
      }
    },
  ),
  saboteur(
    'attachment',
    'a file brings a voucher of its own into the books',
    class extends SampleService {
      override async attach(id: string, file: Attachment): Promise<void> {
        await super.attach(id, file);
        const lines = [1, -1].map((value) => ({
          account: '1920',
          amount: formatAmount(amount(value)),
          text: file.name,
        }));
        const { reference } = (await this.client.json({ path: `/vouchers/${id}` })) as SampleVoucher;
        const about = { document: 'journal', date: '2026-03-02', currency: 'NOK', description: file.name } as const;
        await this.write({ ...about, reference: `${reference}-file`, lines });
      }
    },
  ),
  saboteur(
    'currency',
    'another currency is refused as if the target were busy',
    class extends SampleService {
      override toBody(voucher: Voucher, reference: string): SampleBody {
        if (voucher.currency !== 'NOK') throw strange('busy', reference);
        return super.toBody(voucher, reference);
      }
    },
  ),
  saboteur(
    'currency',
    'another currency is refused after it was posted',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        const receipt = await super.post(voucher, reference);
        if (voucher.currency !== 'NOK') throw strange('rejected', reference);
        return receipt;
      }
    },
  ),
  saboteur(
    'reversal',
    'a reversal on another date than its own is refused as if the target were busy',
    class extends OwnDateService {
      protected override otherDate(id: string): BilagError {
        return strange('busy', id);
      }
    },
    { reversal: 'own-date' },
  ),
  saboteur(
    'reversal',
    'a reversal on another date than its own is made, and then refused',
    class extends OwnDateService {
      override async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
        const original = (await this.client.json({ path: `/vouchers/${id}` })) as SampleVoucher;
        const receipt = await super.reverse(id, original.date, reference);
        if (original.date !== date) throw this.otherDate(id);
        return receipt;
      }
    },
    { reversal: 'own-date' },
  ),
  saboteur(
    'lost-reply',
    'a voucher whose reply was lost is looked up, and its receipt says nothing of what is held',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        try {
          return await super.post(voucher, reference);
        } catch (error) {
          const [found] = error instanceof SampleError && error.status === undefined ? await this.find(reference) : [];
          if (found === undefined) throw error;
          return { outcome: 'created', id: found.id, digest: '' };
        }
      }
    },
  ),
];

function strange(kind: 'busy' | 'rejected', where: string): BilagError {
  return new BilagError(kind, { what: 'it is strange', where: `voucher ${where}`, action: 'give it otherwise' });
}

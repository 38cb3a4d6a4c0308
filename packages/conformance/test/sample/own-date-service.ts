import { BilagError, type PlainDate, type Receipt } from '@bilag/core';
import { SampleService, type SampleVoucher } from './sample-service.ts';

/** As some targets do it: a reversal stands on the date of what it reverses, and on no other. */
export class OwnDateService extends SampleService {
  override async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
    const held = (await this.client.json({ path: `/vouchers/${id}` })) as SampleVoucher;
    if (held.date !== date) throw this.otherDate(id);
    return super.reverse(id, date, reference);
  }

  protected otherDate(id: string): BilagError {
    const now = 'post a mirrored voucher; nothing was sent';
    return new BilagError('unsupported', {
      what: 'a reversal stands on its own date',
      where: `voucher ${id}`,
      action: now,
    });
  }
}

import type { ServiceChart, Voucher } from '@bilag/core';
import { SampleService, type SampleBody } from './sample-service.ts';

/** A connection to a ledger that knows accounts and no VAT codes: the VAT stands on accounts of its own. */
export class CodelessService extends SampleService {
  override async chart(): Promise<ServiceChart> {
    return { ...(await super.chart()), vatCodes: [] };
  }

  override toBody(voucher: Voucher, reference: string): SampleBody {
    const body = super.toBody(voucher, reference);
    return { ...body, lines: body.lines.map(({ vatCode: _vatCode, ...line }) => line) };
  }
}

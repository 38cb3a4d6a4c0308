import type { Posted } from '@bilag/core';
import { SampleService, type SampleBody, type SampleVoucher } from './sample-service.ts';

/** As some targets do it: a voucher is drafted first, and a second write books it. */
export class TwoStepService extends SampleService {
  override async find(reference: string): Promise<readonly Posted[]> {
    const drafts = (await this.drafts(reference)).map((draft): Posted => ({
      ...this.toPosted(draft),
      isUnfinished: true,
    }));
    return [...drafts, ...(await super.find(reference))];
  }

  protected async drafts(reference: string): Promise<readonly SampleVoucher[]> {
    const path = `/drafts?reference=${encodeURIComponent(reference)}`;
    return (await this.client.json({ path })) as readonly SampleVoucher[];
  }

  protected override async write(body: SampleBody): Promise<string> {
    const [there] = await this.drafts(body.reference);
    const { id } =
      there ?? ((await this.client.json({ method: 'POST', path: '/drafts', json: body })) as SampleVoucher);
    const made = await this.client.json({ method: 'POST', path: `/drafts/${id}/booking` });
    return (made as SampleVoucher).id;
  }
}

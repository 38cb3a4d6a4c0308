import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { powerOfficeConfig, type PowerOfficeConfig } from './config.ts';
import { PowerOfficeService } from './service.ts';

export type { PowerOfficeConfig } from './config.ts';

/**
 * PowerOffice Go (API v2): vouchers as manual journals, straight to the general ledger.
 *
 * `server-reference`: "only one instance of the reference can exist on the client" (ManualVoucherPostDto). It becomes free
 * when the voucher is reversed there, so this adapter never does that: a mirrored voucher takes one back. Where a person
 * reversed it, `find` shows it.
 */
export const powerOffice: ServiceAdapter<PowerOfficeConfig> = defineAdapter<PowerOfficeConfig>({
  contract: 1,
  kind: 'service',
  id: 'poweroffice',
  title: 'PowerOffice Go',
  config: powerOfficeConfig,
  vat: 'gross',
  // How many lines a voucher may have is not published.
  shape: { documents: ['journal'], maxLines: 1_000 },
  // 10 requests a second for each subscription key, says its guide; a tenth of a second may be measured otherwise there.
  limits: { concurrency: 1, perSecond: 8 },
  dedupe: { by: 'server-reference' },
  connect: (config, context) => new PowerOfficeService(config, context),
});

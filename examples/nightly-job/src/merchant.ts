import type { CompanyInput } from '@bilag/company';
import { fiken } from '@bilag/fiken';
import { tripletex } from '@bilag/tripletex';

const { env } = process;

/** Whose books these are, the bookkeeping choices, and where they go: look at them with the merchant's accountant. */
export const merchant: CompanyInput = {
  id: 'merchant',
  name: env['NAME'] ?? 'Kafé Eksempel AS',
  organisationNumber: env['ORGANISATION_NUMBER'] ?? '',
  country: 'NO',
  currency: 'NOK',
  // The keys are VIPPS_CLIENT_ID and its siblings.
  source: { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS' },
  policy: {
    versions: [{ from: env['CUT_OVER'] ?? '', market: 'NO', sales: { sale: '25' }, lines: 'summary' }],
  },
  targets: {
    tripletex: {
      adapter: tripletex,
      config: {
        host: env['TRIPLETEX_HOST'],
        credentials: 'env:TRIPLETEX',
        companyId: Number(env['TRIPLETEX_COMPANY_ID']),
      },
    },
    fiken: {
      adapter: fiken,
      config: {
        baseUrl: env['FIKEN_BASE_URL'],
        credential: 'env:FIKEN',
        company: env['FIKEN_COMPANY'],
        // Vipps and the bank are sub-accounts in Fiken, and VAT has a number of its own.
        accounts: { '1920': '1920:10001', '1579': '1920:10002', '2700': '2701' },
      },
    },
  },
};

import {
  addDays,
  addedVat,
  amount,
  containedVat,
  createVoucher,
  isBilagError,
  negate,
  subtract,
  voucherReference,
  type Amount,
  type BilagError,
  type Finding,
  type JournalLine,
  type LineVat,
  type PlainDate,
  type Policy,
  type Service,
  type ServiceAdapter,
  type Voucher,
} from '@bilag/core';
import type { Company } from '../config/company.ts';
import { policyUses, type PolicyUse } from './policy-uses.ts';

/** What a rehearsal is made with. */
export interface Rehearsal {
  readonly company: Pick<Company, 'id' | 'policy' | 'currency'>;
  readonly service: Pick<Service, 'rehearse'>;
  readonly adapter: Pick<ServiceAdapter, 'title' | 'vat' | 'shape'>;
  readonly today: PlainDate;
  /** Accounts of which something was found already: `checkTarget` tells them. */
  readonly unfit: ReadonlySet<string>;
}

/**
 * Has the target's adapter prepare every kind of line the policy can post, as it would before a write, and says which of them it
 * would refuse: a supplier that is not there, a department it does not have. Sends reads alone.
 */
export async function rehearsePolicy({
  company,
  service,
  adapter,
  today,
  unfit,
}: Rehearsal): Promise<readonly Finding[]> {
  const { policy } = company;
  const findings: Finding[] = [];
  if (service.rehearse === undefined) return findings;
  for (const use of policyUses(policy, adapter.vat)) {
    if (use.isOfVat === true || unfit.has(use.account) || unfit.has(use.version.accounts.clearing)) continue;
    const voucher = voucherOf(use, policy, { currency: company.currency, documents: adapter.shape.documents, today });
    const refusal = await refusalOf(service, voucher);
    if (refusal === undefined) continue;
    findings.push({
      code: 'line-refused',
      severity: use.isRare ? 'warning' : 'error',
      message: `${adapter.title} would refuse a line on account ${use.account}${namesOf(use)}: ${refusal.what}`,
      where: `company ${company.id}, account ${use.account} (${use.use})`,
      action: refusal.action,
    });
  }
  return findings;
}

function namesOf({ party, dimensions = {}, vat }: PolicyUse): string {
  const names = [
    ...(vat === undefined ? [] : [`VAT code ${vat.code}`]),
    ...(party === undefined ? [] : [`${party.kind} ${party.id}`]),
    ...Object.entries(dimensions).map((pair) => pair.join(' ')),
  ];
  return names.length === 0 ? '' : ` with ${names.join(', ')}`;
}

/** Why a write would be refused. A closed period, or a target that cannot be reached, is no fault of the line. */
async function refusalOf(service: Pick<Service, 'rehearse'>, voucher: Voucher): Promise<BilagError | undefined> {
  try {
    await service.rehearse?.(voucher, voucherReference(voucher));
    return undefined;
  } catch (error) {
    if (!isBilagError(error)) throw error;
    if (error.kind === 'blocked') return undefined;
    if (error.kind === 'rejected' || error.kind === 'unsupported' || error.kind === 'config') return error;
    throw error;
  }
}

const hundred = amount(10_000);

/** A voucher with one such line against clearing: a sale in credit, anything else in debit. */
function voucherOf(
  use: PolicyUse,
  policy: Policy,
  {
    currency,
    documents,
    today,
  }: Pick<Company, 'currency'> & { readonly documents: readonly string[]; readonly today: PlainDate },
): Voucher {
  const { account, vat, party, dimensions = {}, version } = use;
  const isSale = use.use.startsWith('sales ');
  const value = isSale ? negate(hundred) : hundred;
  const date = dateIn(version.from, policy, today);
  const common = { text: 'Bilag', facts: ['rehearsal'] };
  const line: JournalLine = {
    ...common,
    account,
    amount: value,
    ...(vat === undefined ? {} : { vat: vatOf(vat, value) }),
    ...(party === undefined ? {} : { party }),
    ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
  };
  return createVoucher({
    key: 'REHEARSAL',
    date,
    ledgerId: 'rehearsal',
    ledgerDate: date,
    series: 'BILAG',
    document: isSale && documents.includes('sale') ? 'sale' : 'journal',
    description: 'Bilag',
    currency,
    lines: [line, { ...common, account: version.accounts.clearing, amount: negate(value) }],
    facts: ['rehearsal'],
  });
}

function vatOf(vat: NonNullable<PolicyUse['vat']>, gross: Amount): LineVat {
  const { rateBasisPoints } = vat;
  if (vat.kind === 'reverse-charge') return { ...vat, net: gross, amount: addedVat(gross, rateBasisPoints) };
  const tax = containedVat(gross, rateBasisPoints);
  return { ...vat, net: subtract(gross, tax), amount: tax };
}

/** Today, or the nearest day on which the version holds: rates and codes change with time. */
function dateIn(from: PlainDate, { versions }: Policy, today: PlainDate): PlainDate {
  const next = versions.find((version) => version.from > from);
  const end = next === undefined || next.from > today ? today : addDays(next.from, -1);
  return end < from ? from : end;
}

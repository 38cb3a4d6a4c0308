import {
  accountsOf,
  named,
  supplierAccounts,
  type AccountRole,
  type FeeVat,
  type LineParty,
  type LineVat,
  type Policy,
  type PolicyVersion,
  type SalesUnitPolicy,
  type VatView,
} from '@bilag/core';

/** A kind of line that a policy can post. */
export interface PolicyUse {
  /** The part it plays: `clearing`, `sales 25`. */
  readonly use: string;
  readonly account: string;
  /** It waits for what is rare, or for what an earlier version booked. */
  readonly isRare: boolean;
  /** The version that posts it; the last of those that post the same. */
  readonly version: PolicyVersion;
  readonly vat?: Pick<LineVat, 'kind' | 'code' | 'account' | 'deductionAccount' | 'rateBasisPoints'>;
  readonly party?: LineParty;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** A line that the target adds by itself, or that the VAT of another brings: it is never posted alone. */
  readonly isOfVat?: boolean;
}

/** Every kind of line that a policy can post: in all its versions, on every ledger, for every sales unit and invoice. */
export function policyUses(policy: Policy, view: VatView): readonly PolicyUse[] {
  const uses = new Map<string, PolicyUse>();
  const suppliers = policy.supplier === undefined ? new Set<string>() : supplierAccounts(policy);
  const supplier: LineParty = { kind: 'supplier', id: policy.supplier?.id ?? '' };
  const last = policy.versions.at(-1);
  for (const version of policy.versions) {
    for (const use of usesOf(version, view)) {
      const { account, vat, dimensions = {} } = use;
      const party = use.party ?? (suppliers.has(account) ? supplier : undefined);
      const isRare = use.isRare || version !== last;
      const key = JSON.stringify([account, vat?.code, vat?.rateBasisPoints, party, Object.entries(dimensions).sort()]);
      const known = uses.get(key);
      // Of two parts on one account the commoner names it.
      if (known !== undefined && !known.isRare && isRare) continue;
      if (known !== undefined && known.isRare === isRare && known.version === version) continue;
      uses.set(key, { ...use, version, isRare, ...(party === undefined ? {} : { party }) });
    }
  }
  return [...uses.values()];
}

type VersionUse = Omit<PolicyUse, 'version'>;

function usesOf(version: PolicyVersion, view: VatView): VersionUse[] {
  const ledgers = ['', ...Object.keys(version.ledgers)].map((ledgerId) => accountsOf(version, ledgerId));
  const uses: VersionUse[] = ledgers.flatMap((accounts) =>
    rolesOf(version).map((role) => ({ use: role, account: accounts[role], isRare: !always.has(role) })),
  );
  for (const unit of unitsOf(version)) {
    if (unit.revenue === 'receivable') {
      const party = customerOf(unit.customer);
      for (const { receivable } of ledgers)
        uses.push({ use: 'receivable', account: receivable, isRare: false, ...party });
    }
    uses.push(...saleUses(version, unit, view));
    for (const { fee } of ledgers) uses.push(feeUse(version.fees.vat, fee, unit.dimensions));
  }
  for (const { fee } of ledgers) uses.push(feeUse(version.fees.vat, fee, {}));
  if (view === 'explicit' && version.fees.vat !== null) uses.push(...vatUses('VAT of fees', version.fees.vat));
  for (const { account, customer } of Object.values(version.invoices)) {
    uses.push({ use: 'invoices', account, isRare: false, ...customerOf(customer) });
  }
  return uses;
}

/** Roles that every week of trade posts on; the others wait for what is rare. */
const always: ReadonlySet<AccountRole> = new Set(['clearing', 'bank', 'inTransit', 'feesPayable']);

function rolesOf({ payouts, disputes }: PolicyVersion): readonly AccountRole[] {
  return [
    'clearing',
    ...(payouts === 'in-transit' ? (['inTransit', 'bank'] as const) : (['bank'] as const)),
    'feesPayable',
    'payable',
    'suspense',
    ...(disputes === 'receivable' ? (['disputed'] as const) : []),
    'topUpContra',
  ];
}

function unitsOf({ sales, salesUnits }: PolicyVersion): readonly SalesUnitPolicy[] {
  return [sales, ...Object.values(salesUnits)];
}

function saleUses(version: PolicyVersion, unit: SalesUnitPolicy, view: VatView): VersionUse[] {
  const { revenue, refunds, sale, dimensions } = unit;
  const isBooked =
    revenue === 'sales' || (revenue === 'already-booked' && (refunds === 'book' || version.disputes === 'refund'));
  const vat = sale === null || !isBooked ? undefined : named(version.vat, sale);
  if (vat === undefined) return [];
  const { account, code, rateBasisPoints, vatAccount } = vat;
  const line = { kind: 'contained', code, rateBasisPoints, account: vatAccount } as const;
  return [
    { use: `sales ${sale}`, account, isRare: false, vat: line, dimensions },
    ...(view === 'explicit' ? vatUses(`VAT ${sale}`, line) : []),
  ];
}

function feeUse(vat: FeeVat | null, account: string, dimensions: Readonly<Record<string, string>>): VersionUse {
  const taxed = vat === null ? {} : { vat: { ...vat, deductionAccount: vat.deductionAccount ?? null } };
  return { use: 'fee', account, isRare: false, dimensions, ...taxed };
}

function vatUses(use: string, vat: Pick<FeeVat, 'account' | 'deductionAccount' | 'rateBasisPoints'>): VersionUse[] {
  if (vat.rateBasisPoints === 0) return [];
  return [vat.account, vat.deductionAccount].flatMap((account) =>
    typeof account === 'string' ? [{ use, account, isRare: false, isOfVat: true }] : [],
  );
}

function customerOf(id: string | undefined): { readonly party?: LineParty } {
  return id === undefined ? {} : { party: { kind: 'customer', id } };
}

import { parseAmount, type BookVatCode, type PlainDate, type ServiceAccount, type ServiceChart } from '@bilag/core';
import type { RegisterEntries } from './registers.ts';
import type { DimensionValue, LedgerAccount, VatCode } from './replies.ts';

/** What the client's books offer. */
export function toChart(entries: RegisterEntries, lockedThrough: PlainDate | undefined): ServiceChart {
  const { accounts, vatCodes, departments, projects } = entries;
  return {
    accounts: accounts.map(toServiceAccount),
    vatCodes: vatCodes.filter(({ IsActive }) => IsActive !== false).map(toBookVatCode),
    dimensions: [...departments.map(valueOf('department')), ...projects.map(valueOf('project'))],
    ...(lockedThrough === undefined ? {} : { lockedThrough }),
  };
}

function toServiceAccount(account: LedgerAccount): ServiceAccount {
  const { AccountNo, Name, IsActive, IsVatCodeLocked, VatCode: code } = account;
  const requires = [
    ...(account.IsDepartmentRequired === true ? ['department'] : []),
    ...(account.IsProjectRequired === true ? ['project'] : []),
  ];
  return {
    number: AccountNo,
    name: Name ?? '',
    isActive: IsActive !== false,
    ...(IsVatCodeLocked === true && code !== undefined ? { vatCodes: [code] } : {}),
    ...(requires.length === 0 ? {} : { requires }),
  };
}

function toBookVatCode({ Code, Name, Rate }: VatCode): BookVatCode {
  // The rate is a fraction such as 0.25: four decimals are basis points.
  const rateBasisPoints = parseAmount(Rate ?? '0', 4);
  return { code: Code, description: Name ?? '', rateBasisPoints, kind: kindOf(Code) };
}

/** By SAF-T's standard codes. A custom code begins with a letter, and says nothing. */
function kindOf(code: string): BookVatCode['kind'] {
  if (/^(?:8[1-9]|9[12])$/.test(code)) return 'reverse-charge';
  return /^(?:1|1[1-5]|2[0-2])$/.test(code) ? 'input' : 'output';
}

function valueOf(type: string): (value: DimensionValue) => ServiceChart['dimensions'][number] {
  return ({ Code, Name }) => ({ type, id: Code, name: Name ?? '' });
}

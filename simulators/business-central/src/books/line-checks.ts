import { isPlainDate, parseAmount, type Amount, type PlainDate } from '@bilag/core';
import { NumberText } from '@bilag/fault-server';
import type { BusinessCentralCompany, LineParts } from './business-central-company.ts';
import { badRequest, BusinessCentralRefusal, refusedByLogic } from './business-central-refusal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A value that is an object. */
export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)) {
    return value as Fields;
  }
  throw badRequest('The request body is no JSON object.');
}

const known =
  'accountType accountNumber postingDate documentNumber externalDocumentNumber amount description comment taxCode dimensionSetLines'.split(
    ' ',
  );

/** A line as it is sent, checked field by field. Every field that is not one of the resource is refused. */
export function readLine(value: unknown, journalId: string, company: BusinessCentralCompany): LineParts {
  const sent = fieldsOf(value);
  for (const name of Object.keys(sent)) {
    if (!known.includes(name)) throw noProperty(name, 'journalLine');
  }
  const { balancingAccount = '' } = company.journal(journalId);
  const account = accountOf(sent, company);
  const taxCode = textOf(sent, 'taxCode', 20) ?? account.vatGroup ?? '';
  if (taxCode !== '' && !company.vatGroups.has(taxCode)) {
    throw new BusinessCentralRefusal(
      400,
      'Internal_InvalidTableRelation',
      `The field VAT Prod. Posting Group of table Gen. Journal Line contains a value (${taxCode}) that cannot be found in the related table (VAT Product Posting Group).`,
    );
  }
  return {
    journal: journalId,
    account: account.number,
    postingDate: dateOf(sent),
    documentNumber: (textOf(sent, 'documentNumber', 20) ?? '').toUpperCase(),
    externalDocumentNumber: textOf(sent, 'externalDocumentNumber', 35) ?? '',
    amount: amountOf(sent),
    description: textOf(sent, 'description', 100) ?? account.name,
    comment: textOf(sent, 'comment', 250) ?? '',
    taxCode,
    balancingAccount,
    dimensions: { ...company.options.defaultDimensions, ...dimensionsOf(sent, company) },
  };
}

export function noProperty(name: string, type: string): BusinessCentralRefusal {
  return badRequest(`The property '${name}' does not exist on type 'Microsoft.NAV.${type}'.`);
}

function accountOf(
  sent: Fields,
  { accounts }: BusinessCentralCompany,
): { number: string; name: string; vatGroup?: string } {
  const type = textOf(sent, 'accountType', 100) ?? 'G/L Account';
  if (!['G/L Account', 'G_x002F_L_x0020_Account'].includes(type))
    throw badRequest(`'${type}' is not an option.`, 'Unknown');
  const account = accounts.get(textOf(sent, 'accountNumber', 20) ?? '');
  if (account === undefined) throw refusedByLogic('The "accountNumber" does not match to an Account.');
  const must = (words: string): never => {
    throw refusedByLogic(`${words} in G/L Account: No.=${account.number}.`);
  };
  if (account.isHeading === true) return must("Account Type must be equal to 'Posting'");
  if (account.isBlocked === true) return must("Blocked must be equal to 'No'");
  if (account.withoutDirectPosting === true) return must("Direct Posting must be equal to 'Yes'");
  return account;
}

function dimensionsOf(sent: Fields, { dimensions }: BusinessCentralCompany): Record<string, string> {
  const given = sent['dimensionSetLines'];
  if (given === undefined) return {};
  if (!Array.isArray(given)) throw badRequest('dimensionSetLines is no list.');
  return Object.fromEntries(
    given.map((one) => {
      const fields = fieldsOf(one);
      const [code = '', value = ''] = [textOf(fields, 'code', 20), textOf(fields, 'valueCode', 20)];
      const values = Object.hasOwn(dimensions, code) ? dimensions[code] : undefined;
      if (values === undefined) throw refusedByLogic('The "code" does not match to a Dimension.');
      if (!Object.hasOwn(values, value)) throw refusedByLogic('The "valueCode" does not match to a Dimension Value.');
      return [code, value];
    }),
  );
}

export function textOf(sent: Fields, name: string, longest: number): string | undefined {
  const value = Object.hasOwn(sent, name) ? sent[name] : undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw badRequest(`Cannot convert the literal to the type of '${name}'.`);
  if (value.length > longest) {
    const words = `The length of the string is ${value.length}, but it must be less than or equal to ${longest} characters.`;
    throw new BusinessCentralRefusal(400, 'Application_StringExceededLength', words);
  }
  return value;
}

function dateOf(sent: Fields): PlainDate {
  const value = sent['postingDate'];
  if (typeof value === 'string' && isPlainDate(value)) return value;
  throw badRequest("Cannot convert the literal to the expected type 'Edm.Date'.");
}

function amountOf(sent: Fields): Amount {
  const value = sent['amount'];
  if (value instanceof NumberText && /^-?\d{1,15}(?:\.\d\d?0*)?$/.test(value.text)) return parseAmount(value.text);
  throw badRequest("Cannot convert the literal to the expected type 'Edm.Decimal'.");
}

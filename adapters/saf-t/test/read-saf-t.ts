import type { ReadLine, ReadVoucher, WrittenFile } from '@bilag/conformance';
import { parseAmount, type Amount } from '@bilag/core';
import { SaxesParser } from 'saxes';

/**
 * Reads SAF-T Financial as its documentation describes it, with a parser made by others. Nothing of the writer takes part.
 * Throws where a file contradicts itself.
 */
export function readSafT(files: readonly WrittenFile[]): readonly ReadVoucher[] {
  const [first] = files.map(treeOf);
  if (first === undefined) throw new Error('there is no file');
  const accounts = new Set(
    all(first, 'MasterFiles/GeneralLedgerAccounts/Account').map((node) => text(node, 'AccountID')),
  );
  const codes = new Set(
    all(first, 'MasterFiles/TaxTable/TaxTableEntry/TaxCodeDetails').map((node) => text(node, 'TaxCode')),
  );
  return files.flatMap((file) => {
    const root = treeOf(file);
    const currency = text(root, 'Header/DefaultCurrencyCode');
    const vouchers = all(root, 'GeneralLedgerEntries/Journal/Transaction').map((node) => voucherOf(node, currency));
    for (const { account, vatCode } of vouchers.flatMap(({ lines }) => lines)) {
      if (!accounts.has(account)) throw new Error(`account ${account} is used and not listed`);
      if (vatCode !== undefined && !codes.has(vatCode)) throw new Error(`tax code ${vatCode} is used and not listed`);
    }
    checkTotals(root, vouchers);
    return vouchers;
  });
}

function voucherOf(node: Node, currency: string): ReadVoucher {
  return {
    reference: text(node, 'TransactionID'),
    date: text(node, 'TransactionDate'),
    currency,
    description: text(node, 'Description'),
    lines: all(node, 'Line').map(lineOf),
  };
}

/** The analysis types the writer documents for the usual dimensions. */
const dimensionOfType: Readonly<Record<string, string>> = { A: 'department', P: 'project' };

function lineOf(node: Node): ReadLine {
  const [tax] = all(node, 'TaxInformation');
  const analyses = all(node, 'Analysis').flatMap((analysis): [string, string][] => {
    const type = text(analysis, 'AnalysisType');
    // The kind of voucher, which has no field of its own before 1.30.
    return type === 'BILAGSART' ? [] : [[dimensionOfType[type] ?? type, text(analysis, 'AnalysisID')]];
  });
  const amount = sidedAmount(node);
  if (tax !== undefined) checkTax(tax, amount);
  return {
    account: text(node, 'AccountID'),
    amount,
    text: text(node, 'Description'),
    ...(tax === undefined ? {} : { vatCode: text(tax, 'TaxCode') }),
    ...(analyses.length === 0 ? {} : { dimensions: Object.fromEntries(analyses) }),
  };
}

/** The base is the line's own amount, and the tax its share of it but for the rounding of one øre. */
function checkTax(tax: Node, amount: Amount): void {
  const base = parseAmount(text(tax, 'TaxBase'));
  const [said] = ['TaxAmount', 'DebitTaxAmount', 'CreditTaxAmount'].flatMap((name) => all(tax, `${name}/Amount`));
  const share = (base * Number(text(tax, 'TaxPercentage'))) / 100;
  if (Math.abs(base) !== Math.abs(amount) || Math.abs(parseAmount(said?.text ?? '') - share) > 1) {
    throw new Error(`the tax is ${said?.text} of ${text(tax, 'TaxBase')}, on a line of ${amount} øre`);
  }
}

/** A line is a debit or a credit, never both. */
function sidedAmount(node: Node): Amount {
  const debit = all(node, 'DebitAmount/Amount');
  const credit = all(node, 'CreditAmount/Amount');
  if (debit.length + credit.length !== 1) throw new Error('a line is neither a debit nor a credit');
  const value = parseAmount((debit[0] ?? credit[0])?.text ?? '');
  return (debit.length === 1 ? value : -value) as Amount;
}

function checkTotals(root: Node, vouchers: readonly ReadVoucher[]): void {
  const [entries] = all(root, 'GeneralLedgerEntries');
  if (entries === undefined) return;
  const amounts = vouchers.flatMap(({ lines }) => lines.map(({ amount }) => amount));
  const total = (side: 1 | -1): number => amounts.reduce((sum, value) => sum + Math.max(0, side * value), 0);
  const said = ['NumberOfEntries', 'TotalDebit', 'TotalCredit'].map((name) => text(entries, name));
  const found = [String(vouchers.length), total(1), total(-1)];
  if (said[0] !== found[0] || parseAmount(said[1] ?? '') !== found[1] || parseAmount(said[2] ?? '') !== found[2]) {
    throw new Error(`the totals are ${said.join(', ')}, and should be ${found.join(', ')} in øre`);
  }
}

interface Node {
  readonly name: string;
  readonly children: Node[];
  text: string;
}

function treeOf({ name, content }: WrittenFile): Node {
  const parser = new SaxesParser({ xmlns: true });
  const open: Node[] = [{ name: '', children: [], text: '' }];
  const root = open[0] as Node;
  parser.on('error', (error) => {
    throw new Error(`${name} is not XML: ${error.message}`);
  });
  parser.on('opentag', ({ local, uri }) => {
    if (uri !== 'urn:StandardAuditFile-Taxation-Financial:NO') throw new Error(`${local} is in the namespace ${uri}`);
    const node = { name: local, children: [], text: '' };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('text', (piece) => {
    const node = open.at(-1);
    if (node !== undefined) node.text += piece;
  });
  parser.on('closetag', () => open.pop());
  parser.write(new TextDecoder('utf-8', { fatal: true }).decode(content)).close();
  const [file] = root.children;
  if (file?.name !== 'AuditFile') throw new Error(`the root of ${name} is ${file?.name}`);
  return file;
}

/** Every node at a path. */
function all(node: Node, path: string): readonly Node[] {
  return path
    .split('/')
    .reduce<readonly Node[]>(
      (nodes, name) => nodes.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [node],
    );
}

/** The text of the only node at a path. */
function text(node: Node, path: string): string {
  const [found, second] = all(node, path);
  if (found === undefined || second !== undefined) throw new Error(`${node.name} has not one ${path}`);
  return found.text;
}

import { readBankCsv } from './csv/read-bank-csv.ts';
import { readCamt } from './camt/read-camt.ts';
import type { Statement } from './statement/statement.ts';

/**
 * Reads a bank's file of any kind that is known: camt.053, camt.054, or a CSV by its header row. Throws `rejected` with the place
 * in the file, and for other files.
 *
 * @example
 * ```ts
 * import { readBankFile } from '@bilag/bank';
 *
 * const file = 'Bokført dato;Beskrivelse;Ut;Inn;Saldo;KID\n07.04.2026;Utb. 2000591 Vippsnr 698382;;1572,00;1572,00;\n';
 * const [statement] = await readBankFile(new TextEncoder().encode(file), 'april.csv', { account: '86011117947' });
 * statement?.closing; // => 157200
 * ```
 */
export async function readBankFile(
  bytes: Uint8Array,
  name: string,
  options: { readonly account?: string | undefined } = {},
): Promise<readonly Statement[]> {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 256)).replace(/^\u00ef\u00bb\u00bf/, '');
  return /^\s*</.test(head) ? Array.fromAsync(readCamt(bytes, name)) : readBankCsv(bytes, name, options);
}

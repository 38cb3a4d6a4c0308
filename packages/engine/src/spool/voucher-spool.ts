import { tmpdir } from 'node:os';
import type { Voucher, VoucherSpool } from '@bilag/core';
import { VoucherPacking } from './packed-voucher.ts';
import { SpoolFile } from './spool-file.ts';

/**
 * Keeps vouchers packed: a few MiB in memory, the rest in a file of its own in `folder` (default: where the system keeps
 * temporary files), which nobody else can open and which is gone with the process. An entry takes some 200 bytes.
 *
 * Throws `unavailable` when the disk is full, and `forbidden` or `config` for a folder that cannot be used.
 *
 * @example
 * ```ts
 * import { amount, createVoucher, plainDate } from '@bilag/core';
 * import { openVoucherSpool } from '@bilag/engine';
 *
 * const date = plainDate('2022-10-01');
 * const facts = ['payout'];
 * const voucher = createVoucher({
 *   key: '302321-20221001', date, ledgerId: '302321', ledgerDate: date, series: 'VIPPS', document: 'journal',
 *   description: 'Ledger 302321, 2022-10-01', currency: 'NOK', facts,
 *   lines: [
 *     { account: '1920', amount: amount(189), text: 'Utbetaling', facts },
 *     { account: '1579', amount: amount(-189), text: 'Utbetaling', facts },
 *   ],
 * });
 * const spool = openVoucherSpool();
 * const place = spool.add(voucher);
 * spool.at(place).key; // => '302321-20221001'
 * [...spool.vouchers()].length; // => 1
 * spool.close();
 * ```
 */
export function openVoucherSpool(folder: string = tmpdir()): VoucherSpool {
  return new FileSpool(folder);
}

/** Each voucher as the length of its text in bytes, then the text. Its place is where that begins. */
class FileSpool implements VoucherSpool {
  readonly #file: SpoolFile;
  readonly #packing = new VoucherPacking();
  /** What is not in the file yet. */
  #block: Buffer = Buffer.allocUnsafe(firstBlockBytes);
  #filled = 0;

  constructor(folder: string) {
    this.#file = new SpoolFile(folder);
  }

  add(voucher: Voucher): number {
    const text = this.#packing.pack(voucher);
    const length = Buffer.byteLength(text);
    const bytes = headBytes + length;
    if (this.#filled + bytes > mostInMemory) this.#empty();
    this.#makeRoom(bytes);
    const place = this.#end;
    this.#block.writeUInt32LE(length, this.#filled);
    this.#block.write(text, this.#filled + headBytes);
    this.#filled += bytes;
    return place;
  }

  at(place: number): Voucher {
    return this.#packing.unpack(this.#textAt(place, 0).toString());
  }

  *vouchers(): Generator<Voucher, void, undefined> {
    const end = this.#end;
    for (let place = 0; place < end;) {
      const text = this.#textAt(place, end);
      place += headBytes + text.length;
      yield this.#packing.unpack(text.toString());
    }
  }

  close(): void {
    this.#file.close();
    this.#filled = 0;
  }

  get #end(): number {
    return this.#file.length + this.#filled;
  }

  /** The packed voucher of a place; what stands behind it, up to `through`, will be asked for next. */
  #textAt(place: number, through: number): Buffer {
    const length = this.#bytesAt(place, headBytes, through).readUInt32LE();
    return this.#bytesAt(place + headBytes, length, through);
  }

  #bytesAt(start: number, length: number, through: number): Buffer {
    const inBlock = start - this.#file.length;
    if (inBlock < 0) return this.#file.read(start, length, through);
    if (inBlock + length > this.#filled) throw new RangeError('the spool was closed, or has no voucher at this place');
    return this.#block.subarray(inBlock, inBlock + length);
  }

  #makeRoom(bytes: number): void {
    const needed = this.#filled + bytes;
    if (needed <= this.#block.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(mostInMemory, 4 * this.#block.length)));
    this.#block.copy(larger, 0, 0, this.#filled);
    this.#block = larger;
  }

  #empty(): void {
    this.#file.append(this.#block.subarray(0, this.#filled));
    this.#filled = 0;
    if (this.#block.length > mostInMemory) this.#block = Buffer.allocUnsafe(mostInMemory);
  }
}

const headBytes = 4;
const firstBlockBytes = 65_536;
const mostInMemory = 4_194_304;

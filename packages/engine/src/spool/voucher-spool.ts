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
 * spool.add(voucher);
 * const [first] = spool.vouchers();
 * first?.key; // => '302321-20221001'
 * spool.close();
 * ```
 */
export function openVoucherSpool(folder: string = tmpdir()): VoucherSpool {
  return new FileSpool(folder);
}

/** Packed vouchers, each text behind its length in bytes. */
export class FileSpool implements VoucherSpool {
  readonly #file: SpoolFile;
  #packing = this.#newPacking();
  /** What is not in the file yet. */
  #block: Buffer = Buffer.allocUnsafe(firstBlockBytes);
  #filled = 0;
  #count = 0;
  /** Where texts begin that can be read without those before them, and the place of the first voucher there. */
  #beginnings: { readonly start: number; readonly first: number }[] = [];
  /** The vouchers from the beginning on that was read last. */
  #read: { readonly first: number; readonly vouchers: readonly Voucher[] } = { first: 0, vouchers: [] };

  constructor(folder: string = tmpdir()) {
    this.#file = new SpoolFile(folder);
  }

  add(voucher: Voucher): void {
    this.#count += 1;
    this.#packing.add(voucher);
  }

  /** Adds one that may be asked for by itself, and tells its place. */
  addPlaced(voucher: Voucher): number {
    if (this.#beginnings.at(-1)?.start !== this.#end) {
      this.#packing.endText();
      this.#beginnings.push({ start: this.#end, first: this.#count });
    }
    this.add(voucher);
    return this.#count - 1;
  }

  *vouchers(): Generator<Voucher, void, undefined> {
    this.#packing.endText();
    yield* this.#packing.unpack(this.#texts(0, this.#end));
  }

  /** The voucher of a place, frozen as `createVoucher` gives it; those beside it are at hand then. */
  at(place: number): Voucher {
    const known = this.#read.vouchers[place - this.#read.first];
    if (known !== undefined) return known;
    this.#packing.endText();
    const index = this.#beginnings.findLastIndex(({ first }) => first <= place);
    const beginning = this.#beginnings[index];
    if (beginning === undefined || place >= this.#count) throw new RangeError(`the spool has no voucher ${place}`);
    const { start, first } = beginning;
    const texts = this.#texts(start, this.#beginnings[index + 1]?.start ?? this.#end);
    this.#read = { first, vouchers: Array.from(this.#packing.unpack(texts), frozen) };
    return this.#read.vouchers[place - first] as Voucher;
  }

  *#texts(start: number, end: number): Generator<string, void, undefined> {
    for (let place = start; place < end;) {
      const length = this.#bytesAt(place, headBytes, end).readUInt32LE();
      const text = this.#bytesAt(place + headBytes, length, end).toString();
      place += headBytes + length;
      yield text;
    }
  }

  close(): void {
    this.#file.close();
    this.#packing = this.#newPacking();
    this.#filled = this.#count = 0;
    this.#beginnings = [];
    this.#read = { first: 0, vouchers: [] };
  }

  get #end(): number {
    return this.#file.length + this.#filled;
  }

  #newPacking(): VoucherPacking {
    return new VoucherPacking((text) => this.#keep(text));
  }

  #keep(text: string): void {
    const length = Buffer.byteLength(text);
    const bytes = headBytes + length;
    if (this.#filled + bytes > mostInMemory) this.#empty();
    this.#makeRoom(bytes);
    this.#block.writeUInt32LE(length, this.#filled);
    this.#block.write(text, this.#filled + headBytes);
    this.#filled += bytes;
  }

  /** What stands at a place; what stands behind it, up to `through`, will be asked for next. */
  #bytesAt(start: number, length: number, through: number): Buffer {
    const inBlock = start - this.#file.length;
    if (inBlock < 0) return this.#file.read(start, length, through);
    if (inBlock + length > this.#filled) throw new RangeError('the spool was closed while it was read');
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

function frozen(voucher: Voucher): Voucher {
  for (const line of voucher.lines)
    for (const part of [line.vat, line.dimensions, line.party, line.facts, line]) Object.freeze(part);
  for (const part of [voucher.lines, voucher.facts]) Object.freeze(part);
  return Object.freeze(voucher);
}

const headBytes = 4;
const firstBlockBytes = 65_536;
const mostInMemory = 4_194_304;

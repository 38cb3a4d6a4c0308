import { jsonReply, type ServerReply } from '@bilag/fault-server';
import type { PowerOfficeObject } from '../books/poweroffice-objects.ts';
import { PowerOfficeRefusal } from '../poweroffice-replies.ts';

const largestPage = 20_000;

/** One page of a list: a bare array, with the fields asked for. An empty one is 204 without a body. */
export function listReply(items: readonly PowerOfficeObject[], query: URLSearchParams): ServerReply {
  const page = positive(query, 'PageNumber', 1);
  const size = positive(query, 'PageSize', 5_000);
  if (size > largestPage) throw new PowerOfficeRefusal(400, `PageSize must not be larger than ${largestPage}.`);
  const kept = items.slice((page - 1) * size, page * size);
  if (kept.length === 0) return { status: 204 };
  const fields = listed(query.get('Fields'));
  return jsonReply(200, fields === undefined ? kept : kept.map((item) => only(item, fields)));
}

/** Whether a filter such as `1000-1999, 2500, 3000-` lets a number through; all when it is not given. */
export function numberFilter(text: string | null): (number: number) => boolean {
  const ranges = listed(text)?.map((part) => {
    const [, low = '', dash, high = ''] = /^(\d*)\s*(-?)\s*(\d*)$/.exec(part) ?? [];
    if (dash === undefined) throw new PowerOfficeRefusal(400, `The filter ${part} is no number and no range.`);
    return { low: Number(low), high: dash === '' ? Number(low) : high === '' ? Infinity : Number(high) };
  });
  return (number) => ranges?.some(({ low, high }) => number >= low && number <= high) ?? true;
}

/** Whether a filter of values lets one through; all when it is not given. */
export function valueFilter(text: string | null): (value: string) => boolean {
  const values = listed(text);
  return (value) => values?.includes(value) ?? true;
}

function listed(text: string | null): string[] | undefined {
  if (text === null || text.trim() === '') return undefined;
  return text.split(',').map((part) => part.trim());
}

function only(item: PowerOfficeObject, fields: readonly string[]): PowerOfficeObject {
  return Object.fromEntries(fields.filter((name) => name in item).map((name) => [name, item[name]]));
}

function positive(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^[1-9]\d*$/.test(text)) throw new PowerOfficeRefusal(400, `${name} must be a positive number.`);
  return Number(text);
}

import { isPlainDate } from '@bilag/core';

/** What a field may hold. */
export interface FieldRule {
  readonly kind: string;
  /** The longest text, in UTF-16 units. */
  readonly maxLength: number | undefined;
  /** What is wrong with a text, its length apart; undefined when it is right. */
  readonly faultOf: ((text: string) => string | undefined) | undefined;
}

export function fieldRuleOf(kind: string, maxLength: number | undefined): FieldRule {
  const known = `${kind} ${maxLength}`;
  const rule = rules.get(known) ?? { kind, maxLength, faultOf: faultOf(kind) };
  rules.set(known, rule);
  return rule;
}

const rules: Map<string, FieldRule> = new Map();

/** Longer than any value that somebody meant: what is longer is not looked at. */
const longestValue = 200;

function faultOf(kind: string): FieldRule['faultOf'] {
  const [word = '', ...rest] = kind.split(' ');
  const detail = rest.join(' ');
  switch (word) {
    case 'text':
      return undefined;
    case 'one': {
      const values = new Set(rest.slice(1));
      return (text) => (values.has(text) ? undefined : `is not ${[...values].join(' or ')}`);
    }
    case 'letters':
      return (text) => (lettersIn(text) === Number(detail) ? undefined : `does not have ${detail} letters`);
    case 'decimal':
      return detail === ''
        ? ifValue((value) => (decimal.test(value) ? undefined : 'is not a number'))
        : decimalOf(detail);
    case 'percentage':
      return ifValue((value) =>
        decimal.test(value) && Number(value) >= 0 && Number(value) <= 100 ? undefined : 'is not a number from 0 to 100',
      );
    case 'count':
      return ifValue((value) => (/^(?:\+?\d+|-0+)$/.test(value) ? undefined : 'is not a whole number'));
    case 'year':
      return ifValue((value) =>
        /^\+?\d+$/.test(value) && Number(value) >= 1970 && Number(value) <= 2100
          ? undefined
          : 'is not a year from 1970 to 2100',
      );
    case 'date':
      // The schema takes blanks around a date too, and libxml2, which many validate with, takes none.
      return (text) => (isDate(text) ? undefined : 'is not a date');
    case 'moment':
      return (text) => (isMoment(text) ? undefined : 'is not a date with a time');
    case 'boolean':
      return ifValue((value) => (/^(?:true|false|0|1)$/.test(value) ? undefined : 'is not true or false'));
    case 'address':
      return (text) => (isAddress(text) ? undefined : 'is not a web address');
    default:
      return (text) => (/^[0-9anAN]{1,2}$/.test(text) ? undefined : 'is not one or two digits, or NA');
  }
}

/** The schema takes blanks around a value, and only these. */
function ifValue(fault: (value: string) => string | undefined): (text: string) => string | undefined {
  return (text) => {
    if (text.length > longestValue) return `is longer than ${longestValue} characters`;
    const first = text.charCodeAt(0);
    const last = text.charCodeAt(text.length - 1);
    return fault(first <= blank || last <= blank ? text.replace(/^[\t\n\r ]+/, '').replace(/[\t\n\r ]+$/, '') : text);
  };
}

const blank = 0x20;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/** `18.2`: at most eighteen digits, two of them after the point; zeros that say nothing do not count. */
function decimalOf(detail: string): (text: string) => string | undefined {
  const [digits = 0, places = 0] = detail.split('.').map(Number);
  const what = `is not a number with a point, at most ${digits} digits and at most ${places} of them after the point`;
  const usual = new RegExp(`^\\d{1,${digits - places}}(?:\\.\\d{1,${places}})?$`);
  return ifValue((value) => {
    if (usual.test(value)) return undefined;
    if (!decimal.test(value)) return what;
    const [whole = '', fraction = ''] = value.replace(/^[+-]/, '').split('.');
    const kept = fraction.replace(/0+$/, '').length;
    return kept <= places && whole.replace(/^0+/, '').length + kept <= digits ? undefined : what;
  });
}

function lettersIn(text: string): number {
  return text.length > 8 ? text.length : Array.from(text).length;
}

const zone = String.raw`(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?`;
const date = new RegExp(`^(\\d{4}-\\d{2}-\\d{2})${zone}$`);
const moment = new RegExp(
  `^(\\d{4}-\\d{2}-\\d{2})T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?|24:00:00(?:\\.0+)?)${zone}$`,
);

function isDate(value: string): boolean {
  return isPlainDate(value.length === 10 ? value : (date.exec(value)?.[1] ?? ''));
}

function isMoment(value: string): boolean {
  return isPlainDate(moment.exec(value)?.[1] ?? '');
}

/** An address without blanks, with whole escapes, and with a word before its first colon. */
function isAddress(text: string): boolean {
  const value = text.trim();
  if (/\s|%(?![0-9A-Fa-f]{2})/.test(value)) return false;
  return !/^[^/?#]*:/.test(value) || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(value);
}

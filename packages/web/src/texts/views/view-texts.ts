import type { DeliveryState } from '@bilag/core';
import type { FindingTexts } from '../findings/finding-texts.ts';
import type { SettingsTexts } from '../settings/settings-texts.ts';
import type { FundsKind, LogStatus } from '@bilag/company';
import type { ActionName } from '../../view.ts';

type Words<Name extends string> = Readonly<Record<Name, string>>;
type RunKind = LogStatus['runs'][number]['kind'];

/** What stands on the pages, view by view. Figures and dates come as they are to be read. */
export interface ViewTexts {
  readonly common: Words<
    'how' | 'none' | 'sum' | 'period' | 'previousMonth' | 'nextMonth' | 'firstPage' | 'nextPage' | 'where' | 'whatToDo'
  > & { csv(caption: string): string };
  readonly charts: Words<'balance' | 'ledgerDate' | 'beforePayout' | 'atEnd' | 'date' | 'amount'> & {
    balanceSaid(of: Words<'from' | 'to' | 'least' | 'most'>): string;
    barsSaid(of: Words<'what' | 'count' | 'from' | 'to' | 'most'>): string;
    asTable(caption: string): string;
  };
  readonly overview: Words<
    | 'company'
    | 'number'
    | 'currency'
    | 'companiesCount'
    | 'all'
    | 'choose'
    | 'asksFor'
    | 'why'
    | 'lastNight'
    | 'notEnded'
    | 'lastRun'
    | 'nothing'
    | 'retry'
    | 'person'
    | 'unknown'
    | 'provider'
    | 'books'
    | 'difference'
    | 'through'
    | 'closedThrough'
    | 'nothingClosed'
    | 'nextPayout'
    | 'noPayout'
    | 'expected'
    | 'scheduled'
    | 'accounts'
    | 'account'
    | 'told'
    | 'agrees'
    | 'differs'
    | 'toLookAt'
  > & {
    providerNamed(provider: string): string;
    noneCalled(name: string): string;
  };
  readonly needsYou: Words<
    'caption' | 'nothing' | 'looked' | 'neverLooked' | 'what' | 'about' | 'amount' | 'why' | 'todo' | 'since'
  > & {
    readonly kinds: Words<WaitingKind>;
    readonly can: Words<WaitingKind>;
    readonly actions: Words<'settle' | 'release' | 'match'>;
    age(days: string, count: number): string;
  };
  readonly payouts: Words<
    | 'caption'
    | 'chart'
    | 'none'
    | 'bankNotRead'
    | 'payout'
    | 'covers'
    | 'gross'
    | 'refunds'
    | 'fees'
    | 'other'
    | 'net'
    | 'expected'
    | 'bankDate'
    | 'bankText'
    | 'voucher'
    | 'state'
  > & {
    readonly states: Words<
      'scheduled' | 'under-way' | 'in-bank' | 'booked' | 'bank-unread' | 'booked-bank-unread' | 'aborted'
    >;
  };
  readonly payout: Words<
    | 'days'
    | 'daysCaption'
    | 'noDays'
    | 'ledgerDate'
    | 'balance'
    | 'opening'
    | 'closing'
    | 'vouchers'
    | 'vouchersCaption'
    | 'noVouchers'
    | 'moreVouchers'
    | 'accounts'
    | 'bank'
    | 'bankCaption'
    | 'place'
    | 'aborted'
    | 'notArrived'
  > & {
    proof(of: Words<'parts' | 'net'>): string;
    arrived(atBank: string, net: string): string;
  };
  readonly vouchers: Words<
    | 'choose'
    | 'sent'
    | 'planned'
    | 'sentCaption'
    | 'plannedCaption'
    | 'noneSent'
    | 'nonePlanned'
    | 'noLog'
    | 'apply'
    | 'voucher'
    | 'reversal'
    | 'date'
    | 'ledgerDate'
    | 'description'
    | 'number'
    | 'total'
    | 'state'
    | 'held'
    | 'differs'
    | 'account'
    | 'accountName'
    | 'vatCode'
    | 'rate'
    | 'names'
    | 'debit'
    | 'credit'
  > & { readonly states: Words<DeliveryState> };
  readonly voucher: Words<
    | 'ledger'
    | 'notSent'
    | 'undo'
    | 'lines'
    | 'findings'
    | 'history'
    | 'historyCaption'
    | 'touched'
    | 'run'
    | 'problem'
    | 'facts'
    | 'otherFact'
  > & { factsCaption(count: string): string };
  readonly fees: Words<
    | 'againstInvoice'
    | 'noInvoice'
    | 'chart'
    | 'caption'
    | 'none'
    | 'kind'
    | 'ledger'
    | 'charged'
    | 'invoiced'
    | 'difference'
    | 'days'
    | 'date'
    | 'what'
    | 'amount'
    | 'vat'
    | 'vatCaption'
    | 'noVat'
    | 'vatKind'
    | 'net'
    | 'vatAmount'
    | 'lines'
  > & {
    readonly kinds: Words<'capture-fee' | 'service-fee' | 'correction' | 'credit-note'>;
    readonly payable: Words<'opening' | 'charged' | 'retained' | 'invoiced' | 'closing' | 'closingByInvoices'>;
    readonly vatKinds: Words<'contained' | 'reverse-charge'>;
    payableCaption(ledger: string): string;
  };
  readonly month: Words<
    | 'proved'
    | 'notProved'
    | 'account'
    | 'what'
    | 'amount'
    | 'rows'
    | 'opening'
    | 'closing'
    | 'difference'
    | 'compared'
    | 'comparedBank'
    | 'comparedInvoices'
    | 'comparedTarget'
    | 'transitTitle'
    | 'signedOff'
    | 'role'
    | 'name'
    | 'day'
    | 'signature'
    | 'preparedBy'
    | 'approvedBy'
  > & {
    readonly lines: Words<
      | `funds-${FundsKind}`
      | `fees-${'charged' | 'retained' | 'invoiced' | 'corrected'}`
      | `transit-${'scheduled' | 'aborted' | 'arrived'}`
      | `bank-${'payouts' | 'waiting' | 'others'}`
      | 'target-vouchers'
    >;
    amountsIn(currency: string): string;
    datesProved(proved: string, all: string): string;
    fundsTitle(provider: string, ledger: string): string;
    feesTitle(provider: string, ledger: string): string;
    bankTitle(account: string): string;
    targetTitle(name: string): string;
  };
  readonly rows: Words<
    | 'date'
    | 'what'
    | 'entries'
    | 'vouchers'
    | 'amount'
    | 'ofRow'
    | 'hidden'
    | 'entriesCaption'
    | 'time'
    | 'account'
    | 'type'
    | 'pspReference'
    | 'reference'
    | 'unit'
    | 'page'
    | 'digest'
  > & {
    readonly accounts: Words<'funds' | 'fees'>;
    ofDate(date: string, count: string): string;
  };
  readonly log: Words<
    | 'appendOnly'
    | 'caption'
    | 'when'
    | 'what'
    | 'who'
    | 'detail'
    | 'ended'
    | 'notEnded'
    | 'vouchers'
    | 'actDone'
    | 'actNotDone'
    | 'ofRun'
    | 'touchedCaption'
    | 'touchedNothing'
    | 'more'
  > & {
    readonly runs: Words<RunKind>;
    readonly done: Words<'decision' | 'decision-taken-back' | 'rules' | 'change' | 'confirmed' | 'act'>;
    readonly acts: Words<ActionName>;
    readonly decisions: Words<'match' | 'unrelated'>;
    decision(number: string, kind: string, payouts: string): string;
    rulesFrom(date: string): string;
  };
  readonly settings: SettingsTexts;
  readonly explain: Words<'ask' | 'show' | 'examples'> & {
    readonly kinds: Words<
      | 'voucher'
      | 'line'
      | 'entry'
      | 'page'
      | 'payout'
      | 'bank-line'
      | 'invoice'
      | 'file'
      | 'target'
      | 'decision'
      | 'more'
    >;
    nothing(about: string): string;
  };
  readonly findings: FindingTexts;
}

type WaitingKind =
  | 'unknown-outcome'
  | 'conflict'
  | 'blocked'
  | 'rejected'
  | 'held'
  | 'verify'
  | 'bank'
  | 'books'
  | 'look'
  | 'ledger-change'
  | 'night';

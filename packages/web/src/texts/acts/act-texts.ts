import type { ActionName } from '../../view.ts';

/** On the pages where a person does something. */
export interface ActTexts {
  readonly titles: Readonly<Record<ActionName, string>>;
  /** On the button. */
  readonly submit: Readonly<Record<ActionName, string>>;
  /** What the act does, above the form. */
  readonly explain: Readonly<Record<ActionName, string>>;
  readonly by: string;
  readonly byHint: string;
  typeAmount(amount: string): string;
  readonly nothingToDo: string;
  readonly changed: string;
  readonly underWay: string;
  readonly reload: string;
  readonly interrupted: string;
  readonly isDone: string;
  readonly isNotDone: string;
  readonly result: string;
  readonly act: string;
  readonly who: string;
  readonly when: string;
  readonly how: string;
  readonly settle: {
    readonly question: string;
    readonly there: string;
    readonly id: string;
    readonly asItIs: string;
    readonly notThere: string;
    settled(state: string): string;
  };
  readonly match: {
    readonly question: string;
    readonly unrelated: string;
    readonly other: string;
    readonly note: string;
    decided(number: number): string;
  };
  released(count: string): string;
  readonly apply: {
    readonly plan: string;
    readonly accounts: string;
    readonly vat: string;
    readonly vouchers: string;
    readonly total: string;
    readonly held: string;
    /** How many more are sent than are listed. */
    more(count: string): string;
    rebook(count: string): string;
    posted(count: string, of: string): string;
  };
  reversed(count: string, of: string): string;
  readonly columns: Columns;
}

/** Headings of the tables there. */
export interface Columns {
  readonly date: string;
  readonly voucher: string;
  readonly change: string;
  readonly account: string;
  readonly name: string;
  readonly vatCode: string;
  readonly rate: string;
  readonly basis: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly state: string;
  readonly why: string;
  readonly inTarget: string;
  readonly text: string;
  readonly payout: string;
}

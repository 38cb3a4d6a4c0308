import type { AddCommand } from './add-command.ts';

/** A command as the help of the program shows it. The rest of it is loaded when it is named. */
export interface CommandEntry {
  readonly name: string;
  /** Its arguments, as a usage line writes them. */
  readonly takes?: string;
  readonly description: string;
  readonly load: () => Promise<AddCommand>;
}

/** Every command, in the order of a merchant's way. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    description: 'write a config with comments: asks on a terminal, and takes every answer as a flag',
    load: async () => (await import('../commands/books/init.ts')).addInitCommand,
  },
  {
    name: 'ledgers',
    description: 'list the ledgers that the keys can see',
    load: async () => (await import('../commands/books/ledgers.ts')).addLedgersCommand,
  },
  {
    name: 'fetch',
    description: 'fetch raw ledger data into the archive, as received: closed dates once, open dates again each time',
    load: async () => (await import('../commands/books/fetch.ts')).addFetchCommand,
  },
  {
    name: 'import',
    takes: '<path...>',
    description: 'import settlement files and portal reports into the archive: files, folders and zip archives',
    load: async () => (await import('../commands/books/import.ts')).addImportCommand,
  },
  {
    name: 'personal-data',
    description: 'say what is kept about customers, look it up, or remove it for good',
    load: async () => (await import('../commands/books/personal-data.ts')).addPersonalDataCommand,
  },
  {
    name: 'book',
    description: 'preview the books from the archive: vouchers, trial balance, findings, proof',
    load: async () => (await import('../commands/books/book.ts')).addBookCommand,
  },
  {
    name: 'bank',
    description: 'take in bank statements (import), show their matches with payouts, and decide what they are',
    load: async () => (await import('../commands/bank/bank.ts')).addBankCommand,
  },
  {
    name: 'fees',
    description: "compare a month's fees, by kind, with the provider's invoices (fees invoice records them)",
    load: async () => (await import('../commands/fees/fees.ts')).addFeesCommand,
  },
  {
    name: 'match',
    description: 'hold the orders of your own system against captures and refunds, order by order (orders)',
    load: async () => (await import('../commands/orders/match.ts')).addMatchCommand,
  },
  {
    name: 'prove',
    description:
      'prove a period from the ledger to the bank: every book against the next, to 0.00, or what differs and where',
    load: async () => (await import('../commands/proof/prove.ts')).addProveCommand,
  },
  {
    name: 'explain',
    takes: '<what>',
    description: 'say what a voucher, payout, order, bank line, amount or date came from and where it went, as a tree',
    load: async () => (await import('../commands/proof/explain.ts')).addExplainCommand,
  },
  {
    name: 'replay',
    description: 'make everything again from the raw pages, and compare it with what was posted, byte for byte',
    load: async () => (await import('../commands/proof/replay.ts')).addReplayCommand,
  },
  {
    name: 'adopt',
    takes: '[file]',
    description:
      'hold existing books (a SAF-T file, or a target) against the ledger, and propose the cut-over; writes nothing',
    load: async () => (await import('../commands/proof/adopt.ts')).addAdoptCommand,
  },
  {
    name: 'export',
    description: 'write the books of a period as files: whole and checked, or none',
    load: async () => (await import('../commands/books/export.ts')).addExportCommand,
  },
  {
    name: 'check',
    takes: '<file...>',
    description: 'check files, also those of other systems, and say what is wrong with them',
    load: async () => (await import('../commands/books/check.ts')).addCheckCommand,
  },
  {
    name: 'connect',
    takes: '<target>',
    description: 'check the keys, the accounts and the VAT codes of a target, and pin its company; posts nothing',
    load: async () => (await import('../commands/delivery/connect.ts')).addConnectCommand,
  },
  {
    name: 'plan',
    takes: '<target>',
    description: 'compare the books with what was posted: new, unchanged, changed, missing, blocked; posts nothing',
    load: async () => (await import('../commands/delivery/plan.ts')).addPlanCommand,
  },
  {
    name: 'apply',
    takes: '<target>',
    description: 'post what is not posted yet, each voucher once; it may be stopped at any point and run again',
    load: async () => (await import('../commands/delivery/apply.ts')).addApplyCommand,
  },
  {
    name: 'verify',
    takes: '<target>',
    description: 'read posted vouchers back, and say which somebody edited, deleted, reversed or doubled',
    load: async () => (await import('../commands/delivery/verify.ts')).addVerifyCommand,
  },
  {
    name: 'undo',
    takes: '<target>',
    description: 'reverse what was posted: a run, a range of dates or one voucher; nothing is ever deleted',
    load: async () => (await import('../commands/delivery/undo.ts')).addUndoCommand,
  },
  {
    name: 'hold',
    takes: '<target>',
    description: 'keep a voucher back: it is not posted, and not booked again, before it is released',
    load: async () => (await import('../commands/delivery/hold.ts')).addHoldCommand,
  },
  {
    name: 'release',
    takes: '<target>',
    description: 'let go of what was undone or held: the next apply posts it where it should be in the books',
    load: async () => (await import('../commands/delivery/hold.ts')).addReleaseCommand,
  },
  {
    name: 'status',
    takes: '[target]',
    description: 'show what was posted, who is posting now, and what waits for a person: offline',
    load: async () => (await import('../commands/delivery/status.ts')).addStatusCommand,
  },
  {
    name: 'settle',
    takes: '<target>',
    description:
      'say what a person found about a voucher whose outcome is unknown, that is in conflict, or that changed in the target',
    load: async () => (await import('../commands/delivery/settle.ts')).addSettleCommand,
  },
  {
    name: 'rebuild',
    takes: '<target>',
    description: 'fill a lost or restored delivery log again by looking each voucher up in the target; posts nothing',
    load: async () => (await import('../commands/delivery/rebuild.ts')).addRebuildCommand,
  },
  {
    name: 'night',
    takes: '<target>',
    description: 'fetch, deliver and read back for every company of the config, and say who needs a person',
    load: async () => (await import('../commands/office/night.ts')).addNightCommand,
  },
  {
    name: 'work',
    description:
      'do turns of the nights in the queue, with any number of other workers; --status and --redrive look after it',
    load: async () => (await import('../commands/office/work.ts')).addWorkCommand,
  },
  {
    name: 'discover',
    description: 'say what is new, changed or gone among the ledgers that the keys see, and confirm what asks for it',
    load: async () => (await import('../commands/office/discover.ts')).addDiscoverCommand,
  },
  {
    name: 'serve',
    description:
      'open the page an accountant looks at, on this machine alone; it changes nothing unless that is allowed',
    load: async () => (await import('../commands/page/serve.ts')).addServeCommand,
  },
  {
    name: 'report',
    takes: '<folder>',
    description: 'write the same pages as files that lead to each other, to send to somebody: all of them, or none',
    load: async () => (await import('../commands/page/report.ts')).addReportCommand,
  },
  {
    name: 'keys',
    takes: '<name>',
    description: 'copy the keys of an env:NAME reference into the encrypted file, as file:NAME',
    load: async () => (await import('../commands/keys.ts')).addKeysCommand,
  },
  {
    name: 'store',
    takes: '<action>',
    description:
      'migrate: make the tables of the database that BILAG_DATABASE names, or bring them up to date; copy: take companies there, or back to files',
    load: async () => (await import('../commands/store.ts')).addStoreCommand,
  },
  {
    name: 'adapters',
    description: 'list the adapters that come with Bilag and those that the config names',
    load: async () => (await import('../commands/adapters.ts')).addAdaptersCommand,
  },
  {
    name: 'simulate',
    takes: '[system]',
    description:
      "run a local server until Ctrl-C: Vipps MobilePay's Report API with made-up merchants, or an accounting system to post to",
    load: async () => (await import('../commands/simulate.ts')).addSimulateCommand,
  },
  {
    name: 'oracle',
    takes: '<file...>',
    description: 'run worked bookkeeping cases and say where the books differ',
    load: async () => (await import('../commands/oracle.ts')).addOracleCommand,
  },
  {
    name: 'demo',
    description:
      'do the main job from end to end without keys: a simulated ledger in, proved books and checked files out',
    load: async () => (await import('../commands/demo.ts')).addDemoCommand,
  },
];

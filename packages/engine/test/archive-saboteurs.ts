import type { ArchiveStore } from '../src/index.ts';

/** An archive with one mistake that somebody could make, and the law that must tell. */
export interface ArchiveSaboteur {
  readonly breaks: string;
  readonly mistake: string;
  readonly change: (store: ArchiveStore) => Partial<ArchiveStore>;
}

export const archiveSaboteurs: readonly ArchiveSaboteur[] = [
  {
    breaks: 'checkpoints',
    mistake: 'the first checkpoint of a name stays',
    change: (store) => ({
      keepCheckpoint: async (name, checkpoint) => {
        if ((await store.checkpoint(name)) === undefined) await store.keepCheckpoint(name, checkpoint);
      },
    }),
  },
  {
    breaks: 'checkpoints',
    mistake: 'whoever keeps a checkpoint writes from then on',
    change: (store) => ({
      keepCheckpoint: async (name, checkpoint) => {
        await store.setCursor({ source: 'checkpoint', value: name });
        await store.keepCheckpoint(name, checkpoint);
      },
    }),
  },
  {
    breaks: 'checkpoints',
    mistake: 'all names share one checkpoint',
    change: (store) => ({
      checkpoint: () => store.checkpoint('one'),
      keepCheckpoint: (_, checkpoint) => store.keepCheckpoint('one', checkpoint),
    }),
  },
  {
    breaks: 'checkpoints',
    mistake: 'long content is cut',
    change: (store) => ({
      keepCheckpoint: (name, { madeOf, content }) =>
        store.keepCheckpoint(name, { madeOf, content: content.slice(0, 65_535) }),
    }),
  },
  {
    breaks: 'as-received',
    mistake: 'bodies are kept as text',
    change: (store) => ({
      pages: async function* (filter) {
        for await (const page of store.pages(filter)) {
          yield { ...page, body: new TextEncoder().encode(new TextDecoder().decode(page.body)) };
        }
      },
    }),
  },
  {
    breaks: 'in-order',
    mistake: 'the last date of a range is left out',
    change: (store) => ({
      pages: async function* (filter) {
        for await (const page of store.pages(filter)) if (filter?.to === undefined || page.date < filter.to) yield page;
      },
    }),
  },
  {
    breaks: 'in-order',
    mistake: 'dates come by date before ledger',
    change: (store) => ({
      dates: async (filter) => (await store.dates(filter)).toSorted((a, b) => (a.date < b.date ? -1 : 1)),
    }),
  },
  {
    breaks: 'extent',
    mistake: 'what was superseded is not counted',
    change: (store) => ({
      extent: async (ledgerId, to) => {
        const dates = await store.dates({ ledgerId, ...(to === undefined ? {} : { to }) });
        return { readings: dates.length, last: dates.at(-1)?.date };
      },
    }),
  },
  {
    breaks: 'extent',
    mistake: 'the date it is asked for does not limit it',
    change: (store) => ({ extent: (ledgerId) => store.extent(ledgerId) }),
  },
  {
    breaks: 'closed-stays',
    mistake: 'what was closed is kept without a word, whatever comes',
    change: (store) => ({
      store: async (reading) => {
        const { ledgerId, topic, date } = reading;
        const [known] = await store.dates({ ledgerId, topic, from: date, to: date });
        return known?.closed === true ? { outcome: 'unchanged', number: known.number } : store.store(reading);
      },
    }),
  },
  {
    breaks: 'closed-stays',
    mistake: 'the cursor moves before the reading is stored',
    change: (store) => ({
      store: async ({ cursor, ...reading }) => {
        if (cursor !== undefined) await store.setCursor(cursor);
        return store.store(reading);
      },
    }),
  },
  {
    breaks: 'unchanged',
    mistake: 'fingerprints are not looked at',
    change: (store) => ({
      store: (reading) => store.store({ ...reading, fingerprint: String(reading.pages[0]?.body) }),
    }),
  },
  {
    breaks: 'unchanged',
    mistake: 'the cursor stays where nothing was stored',
    change: (store) => ({
      store: async (reading) => {
        const before = await store.cursor('feed');
        const done = await store.store(reading);
        if (done.outcome === 'unchanged') await store.setCursor({ source: 'feed', value: before ?? '' });
        return done;
      },
    }),
  },
  {
    breaks: 'open-superseded',
    mistake: 'a date that has the same content stays open for ever',
    change: (store) => ({
      store: async (reading) => {
        const done = await store.store({ ...reading, closed: false });
        return done.outcome === 'unchanged' ? done : store.store(reading);
      },
    }),
  },
  {
    breaks: 'whole-readings',
    mistake: 'pages are numbered anew as they come, so that one that is missing is not missed',
    change: (store) => ({
      store: (reading) =>
        store.store({ ...reading, pages: reading.pages.map((page, sequence) => ({ ...page, sequence })) }),
    }),
  },
  {
    breaks: 'together',
    mistake: 'readings are stored one by one, and the cursor after them',
    change: (store) => ({
      storeTogether: async (readings, cursor) => {
        const stored = [];
        for (const reading of readings) stored.push(await store.store(reading));
        if (cursor !== undefined) await store.setCursor(cursor);
        return stored;
      },
    }),
  },
  {
    breaks: 'as-it-was',
    mistake: 'each page is looked up when it is read',
    change: (store) => ({
      pages: async function* (filter) {
        for (let place = 0; ; place += 1) {
          const page = (await Array.fromAsync(store.pages(filter)))[place];
          if (page === undefined) return;
          yield page;
        }
      },
    }),
  },
  {
    breaks: 'next-date',
    mistake: 'a day that is missing is passed over',
    change: (store) => ({
      lastClosed: async (ledgerId, topic) =>
        (await store.dates({ ledgerId, topic })).filter(({ closed }) => closed).at(-1)?.date,
    }),
  },
  {
    breaks: 'cursors',
    mistake: 'there is one cursor for all sources',
    change: (store) => ({
      cursor: () => store.cursor('one'),
      setCursor: ({ value }) => store.setCursor({ source: 'one', value }),
    }),
  },
  {
    breaks: 'ledgers',
    mistake: 'ledgers are remembered one by one',
    change: (store) => ({
      rememberLedgers: async (ledgers) => {
        for (const ledger of ledgers) await store.rememberLedgers([ledger]);
      },
    }),
  },
  {
    breaks: 'one-writer',
    mistake: 'whoever may not write now says that it has',
    change: (store) => ({
      store: (reading) => store.store(reading).catch(() => ({ outcome: 'stored', number: 1 }) as const),
    }),
  },
  {
    breaks: 'copied',
    mistake: 'superseded readings are left out',
    change: (store) => ({
      history: async function* () {
        const dates = await store.dates();
        for await (const reading of store.history()) {
          const { ledgerId, date, topic, number } = reading;
          const isCurrent = dates.some(
            (each) =>
              each.ledgerId === ledgerId && each.date === date && each.topic === topic && each.number === number,
          );
          if (isCurrent) yield reading;
        }
      },
    }),
  },
  {
    breaks: 'copied',
    mistake: 'fingerprints are not copied, so that what was said before is a conflict',
    change: (store) => ({
      restore: (readings) => store.restore(readings.map((reading) => ({ ...reading, fingerprint: null }))),
    }),
  },
];

import type { PlainDate, Reading } from '@bilag/core';
import type { PageFilter } from '../archive/archive-queries.ts';
import type { ArchiveStore } from '../archive/archive-store.ts';
import {
  dateOf,
  firstDate,
  historyOf,
  pagesOf,
  readingOf,
  shown,
  shownHistory,
  text,
  textOf,
} from './sample-readings.ts';
import { mustEqual, mustHold, mustRefuse, refusals, withStores, type StoreLaw } from './store-law.ts';

type ArchiveLaw = StoreLaw<ArchiveStore>;

/** What was received is there as it was received, and closed dates stay. */
export const pageLaws: readonly ArchiveLaw[] = [
  {
    id: 'as-received',
    sentence: 'pages come back as they were received, to the byte, to another process, and after the store was closed',
    prove: async (newPlace) => {
      const place = await newPlace();
      const [store, other] = [await place.open(), await place.open()];
      const everyByte = Uint8Array.from({ length: 256 }, (_, value) => value);
      const reading = readingOf({ bodies: [everyByte, new Uint8Array()] });
      mustEqual(await store.store(reading), { outcome: 'stored', number: 1 }, 'what storing answers');
      const wanted = shown(
        reading.pages.map((page) => ({ ...page, ledgerId: '302321', topic: 'funds', date: firstDate, closed: true })),
      );
      mustEqual(shown(await pagesOf(other)), wanted, 'the pages to another process');
      await Promise.all([store.close(), other.close()]);
      const again = await place.open();
      mustEqual(shown(await pagesOf(again)), wanted, 'the pages after a close');
      const { readings, pages, findings } = await again.verify();
      mustEqual({ readings, pages, findings }, { readings: 1, pages: 2, findings: [] }, 'what verify sees');
      await again.close();
    },
  },
  {
    id: 'in-order',
    sentence: 'pages and dates come by ledger, date and topic, and are found by each of them',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        for (const ledgerId of ['B', 'A'])
          for (const index of [2, 0, 1])
            for (const topic of ['funds', 'fees'])
              await store.store(readingOf({ ledgerId, topic, index, bodies: [text(`${ledgerId}${index}${topic}`)] }));
        const all = ['A', 'B'].flatMap((ledger) =>
          [0, 1, 2].flatMap((index) => ['fees', 'funds'].map((topic) => [ledger, index, topic] as const)),
        );
        const cases: readonly (readonly [PageFilter, (place: (typeof all)[number]) => boolean])[] = [
          [{}, () => true],
          [{ ledgerId: 'B' }, ([ledger]) => ledger === 'B'],
          [{ topic: 'fees' }, ([, , topic]) => topic === 'fees'],
          [{ from: dateOf(1) }, ([, index]) => index >= 1],
          [{ to: dateOf(1) }, ([, index]) => index <= 1],
          [
            { ledgerId: 'A', topic: 'funds', from: dateOf(1), to: dateOf(1) },
            ([ledger, index, topic]) => ledger === 'A' && index === 1 && topic === 'funds',
          ],
          [{ ledgerId: 'C' }, () => false],
        ];
        for (const [filter, isMeant] of cases) {
          const wanted = all.filter(isMeant).map((place) => place.join(''));
          mustEqual((await pagesOf(store, filter)).map(textOf), wanted, `pages of ${JSON.stringify(filter)}`);
          const dates = (await store.dates(filter)).map(
            ({ ledgerId, date, topic }) => `${ledgerId}${[0, 1, 2].find((index) => dateOf(index) === date)}${topic}`,
          );
          mustEqual(dates, wanted, `dates of ${JSON.stringify(filter)}`);
        }
      }),
  },
  {
    id: 'closed-stays',
    sentence: 'a closed date never changes: other content is a conflict, and nothing of it is stored',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const cursor = { source: 'feed', value: 'first' };
        await store.store(readingOf({ bodies: [text('one')], cursor }));
        const otherwise = readingOf({ bodies: [text('two')], cursor: { ...cursor, value: 'second' } });
        await mustRefuse(store.store(otherwise), 'conflict', 'other content of a closed date');
        mustEqual((await pagesOf(other)).map(textOf), ['one'], 'the pages after a refusal');
        mustEqual(await other.cursor('feed'), 'first', 'the cursor after a refusal');
        const open = readingOf({ bodies: [text('three')], closed: false });
        await mustRefuse(store.store(open), 'conflict', 'a closed date that is open again, with other content,');
      }),
  },
  {
    id: 'unchanged',
    sentence: 'the same content again is unchanged, by its bytes or by its fingerprint, and its cursor moves',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const first = readingOf({ bodies: [text('page 1 of abc')], fingerprint: 'the same' });
        await store.store(first);
        const moved = { ...first, cursor: { source: 'feed', value: 'moved' } };
        mustEqual(await store.store(moved), { outcome: 'unchanged', number: 1 }, 'the same bytes again');
        mustEqual(await other.cursor('feed'), 'moved', 'the cursor of what is unchanged');
        const paged = readingOf({ bodies: [text('page 1 of xyz')], fingerprint: 'the same' });
        mustEqual(await store.store(paged), { outcome: 'unchanged', number: 1 }, 'the same by its fingerprint');
        mustEqual((await pagesOf(other)).map(textOf), ['page 1 of abc'], 'the pages');
      }),
  },
  {
    id: 'open-superseded',
    sentence: 'a later reading of an open date takes the place of the earlier, also by being closed',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        await store.store(readingOf({ bodies: [text('one'), text('two')], closed: false }));
        const second = readingOf({ bodies: [text('three')], closed: false });
        mustEqual(await store.store(second), { outcome: 'stored', number: 2 }, 'a second reading');
        mustEqual((await pagesOf(other)).map(textOf), ['three'], 'the pages of a second reading');
        mustEqual(await store.store(second), { outcome: 'unchanged', number: 2 }, 'the same, still open');
        const closed = await store.store({ ...second, closed: true });
        mustEqual(closed, { outcome: 'stored', number: 3 }, 'the same, closed');
        mustEqual(
          (await other.dates()).map((date) => date.closed),
          [true],
          'whether it is closed',
        );
        mustEqual(
          (await pagesOf(other)).map((page) => [textOf(page), page.closed]),
          [['three', true]],
          'its pages',
        );
        mustEqual((await other.verify()).readings, 3, 'how many readings are kept');
      }),
  },
  {
    id: 'extent',
    sentence: 'how far a ledger goes counts every reading up to a date, superseded ones too',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        mustEqual(await other.extent('302321'), { readings: 0, last: undefined }, 'how far an empty archive goes');
        await store.store(readingOf({ index: 0, bodies: [text('one'), text('two')] }));
        await store.store(readingOf({ index: 0, topic: 'fees', bodies: [text('three')] }));
        await store.store(readingOf({ index: 2, bodies: [text('four')], closed: false }));
        await store.store(readingOf({ index: 2, bodies: [text('five')] }));
        await store.store(readingOf({ index: 3, ledgerId: 'another', bodies: [text('six')] }));
        const cases = [
          [undefined, { readings: 4, last: dateOf(2) }],
          [dateOf(2), { readings: 4, last: dateOf(2) }],
          [dateOf(1), { readings: 2, last: dateOf(0) }],
          [dateOf(-1), { readings: 0, last: undefined }],
        ] as const;
        for (const [to, wanted] of cases)
          mustEqual(await other.extent('302321', to), wanted, `how far the ledger goes up to ${to ?? 'its end'}`);
      }),
  },
  {
    id: 'whole-readings',
    sentence: 'what cannot be a whole reading is refused, and nothing of it is stored',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const cursor = { source: 'feed', value: 'moved' };
        const good = readingOf({ bodies: [text('one'), text('two'), text('three')], cursor });
        const wrong: readonly (readonly [string, Reading])[] = [
          ['no page', { ...good, pages: [] }],
          ['a page missing', { ...good, pages: good.pages.filter(({ sequence }) => sequence !== 1) }],
          ['a page there twice', { ...good, pages: [...good.pages, ...good.pages.slice(0, 1)] }],
          ['no ledger', { ...good, ledgerId: '' }],
          ['a date that does not exist', { ...good, date: '2026-02-30' as PlainDate }],
          ['a header', { ...good, pages: good.pages.map((page) => ({ ...page, request: 'GET /\nAuthorization: x' })) }],
        ];
        for (const [what, reading] of wrong)
          await mustRefuse(store.store(reading), 'rejected', `a reading with ${what}`);
        mustEqual([await pagesOf(other), await other.dates()], [[], []], 'what is there after refusals');
        mustHold((await other.cursor('feed')) === undefined, 'the cursor has moved past a reading that was refused');
      }),
  },
  {
    id: 'together',
    sentence: 'readings that came in one go are stored with their cursor, all of it or nothing',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const cursor = { source: 'feed', value: 'one' };
        await store.store(readingOf({ index: 1, bodies: [text('closed')] }));
        const readings = [0, 2].map((index) => readingOf({ index, closed: false, bodies: [text('of both dates')] }));
        mustEqual(
          await store.storeTogether(readings, cursor),
          readings.map(() => ({ outcome: 'stored', number: 1 })),
          'two readings',
        );
        mustEqual((await pagesOf(other)).map(textOf), ['of both dates', 'closed', 'of both dates'], 'the pages');
        const later = [
          readingOf({ index: 3, bodies: [text('new')] }),
          readingOf({ index: 1, bodies: [text('not what it was')] }),
        ];
        const moved = { source: 'feed', value: 'two' };
        await mustRefuse(store.storeTogether(later, moved), 'conflict', 'a closed date among others');
        mustEqual((await other.dates()).length, 3, 'how many dates are there after a refusal');
        mustEqual(await other.cursor('feed'), 'one', 'the cursor after a refusal');
        await store.storeTogether([], moved);
        mustEqual(await other.cursor('feed'), 'two', 'the cursor of nothing new');
      }),
  },
  {
    id: 'as-it-was',
    sentence: 'whoever reads sees the archive as it was when the reading began, whatever is written meanwhile',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        await store.store(readingOf({ bodies: [text('one'), text('two')], closed: false }));
        const seen: string[] = [];
        for await (const page of other.pages()) {
          seen.push(textOf(page));
          if (seen.length > 1) continue;
          await store.store(readingOf({ bodies: ['other', 'pages', 'altogether'].map(text) }));
        }
        mustEqual(seen, ['one', 'two'], 'what a reader sees');
        mustEqual((await pagesOf(other)).map(textOf), ['other', 'pages', 'altogether'], 'what the next one sees');
      }),
  },
];

/** Where to go on, and of whom. */
export const progressLaws: readonly ArchiveLaw[] = [
  {
    id: 'next-date',
    sentence: 'fetching goes on at the first date that is open or missing in any of the topics',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const next = (topics: readonly string[]): Promise<PlainDate> => other.nextDate('302321', topics, dateOf(0));
        mustEqual(await next(['funds']), dateOf(0), 'the next date of an empty archive');
        for (const index of [0, 1, 3]) await store.store(readingOf({ index }));
        await store.store(readingOf({ index: 0, topic: 'fees' }));
        await store.store(readingOf({ index: 1, topic: 'fees', closed: false }));
        mustEqual(await next(['funds']), dateOf(2), 'the next date, one missing');
        mustEqual(await next(['funds', 'fees']), dateOf(1), 'the next date, one open in another topic');
        mustEqual(await other.lastClosed('302321', 'funds'), dateOf(1), 'the last closed date');
        mustEqual(
          await other.lastClosed('302321', 'funds', dateOf(3)),
          dateOf(3),
          'the last closed date from later on',
        );
        const none = [await other.lastClosed('302321', 'fees', dateOf(1)), await other.lastClosed('other', 'funds')];
        mustHold(
          none.every((date) => date === undefined),
          `a date is closed that is open or missing: ${none.join()}`,
        );
      }),
  },
  {
    id: 'cursors',
    sentence: 'a cursor is kept for each source, moves with its reading or alone, and outlives the store',
    prove: async (newPlace) => {
      const place = await newPlace();
      const store = await place.open();
      mustHold((await store.cursor('feed')) === undefined, 'a source that never said has a cursor');
      await store.store(readingOf({ cursor: { source: 'feed', value: 'a==' } }));
      await store.setCursor({ source: 'other', value: 'b' });
      mustEqual([await store.cursor('feed'), await store.cursor('other')], ['a==', 'b'], 'the cursors');
      await store.setCursor({ source: 'feed', value: 'c' });
      await store.close();
      const again = await place.open();
      mustEqual([await again.cursor('feed'), await again.cursor('other')], ['c', 'b'], 'the cursors after a close');
      await again.close();
    },
  },
  {
    id: 'checkpoints',
    sentence:
      'a checkpoint is kept under each name until the next one takes its place, whoever writes, and outlives the store',
    prove: async (newPlace) => {
      const place = await newPlace();
      const [store, other] = [await place.open(), await place.open()];
      mustHold((await store.checkpoint('tripletex')) === undefined, 'a checkpoint that was never kept is there');
      const made = { madeOf: 'the first digest', content: '{"text":"æøå \u{1f600}\n"}' };
      const large = { madeOf: 'another digest', content: 'x'.repeat(3_000_000) };
      await store.keepCheckpoint('tripletex', { madeOf: 'an earlier digest', content: 'earlier' });
      await store.keepCheckpoint('fiken', large);
      await store.keepCheckpoint('tripletex', made);
      mustEqual(await other.checkpoint('tripletex'), made, 'the checkpoint, to another process');
      // Whoever kept one does not write by that, and another who does keeps none from it.
      await other.store(readingOf());
      await store.keepCheckpoint('tripletex', made);
      await Promise.all([store.close(), other.close()]);
      const again = await place.open();
      const kept = [await again.checkpoint('tripletex'), await again.checkpoint('fiken')];
      mustEqual(kept[0], made, 'the checkpoint after a close');
      mustHold(
        kept[1]?.content === large.content && kept[1].madeOf === large.madeOf,
        'the other is not as it was kept',
      );
      await again.close();
    },
  },
  {
    id: 'copied',
    sentence:
      'a copy has everything that was ever stored, as it was: superseded readings, fingerprints, cursors; and again it changes nothing',
    prove: async (newPlace) => {
      const [place, copyPlace] = [await newPlace(), await newPlace()];
      const [store, copy] = [await place.open(), await copyPlace.open()];
      await store.store(readingOf({ closed: false, bodies: [text('one'), text('two')], fingerprint: 'first' }));
      await store.store(readingOf({ bodies: [new Uint8Array([0xff, 0x00]), text('two')], fingerprint: 'second' }));
      await store.store(readingOf({ topic: 'fees', ledgerId: 'A', cursor: { source: 'feed', value: 'a' } }));
      await store.setCursor({ source: 'another', value: 'b' });
      const kept = await historyOf(store);
      mustEqual(
        kept.map(({ ledgerId, topic, number, closed, pages }) => [ledgerId, topic, number, closed, pages.length]),
        [
          ['302321', 'funds', 1, false, 2],
          ['302321', 'funds', 2, true, 2],
          ['A', 'fees', 1, true, 1],
        ],
        'what is kept',
      );
      mustEqual(
        await store.cursors(),
        [
          { source: 'another', value: 'b' },
          { source: 'feed', value: 'a' },
        ],
        'the cursors',
      );
      await mustRefuse(copy.restore(kept.slice(1)), 'conflict', 'a reading without the one before it');
      mustEqual(await historyOf(copy), [], 'what is there after a refusal');
      for (const some of [kept.slice(0, 1), kept, kept]) await copy.restore(some);
      mustEqual(shownHistory(await historyOf(copy)), shownHistory(kept), 'the copy');
      const again = readingOf({ bodies: [text('in other pages')], fingerprint: 'second' });
      mustEqual(await copy.store(again), { outcome: 'unchanged', number: 2 }, 'the same by its fingerprint');
      const [first] = kept;
      if (first === undefined) return;
      const other = { ...first, pages: first.pages.slice(0, 1) };
      await mustRefuse(copy.restore([other]), 'conflict', 'another reading of the same number');
      await Promise.all([store.close(), copy.close()]);
    },
  },
  {
    id: 'ledgers',
    sentence: 'ledgers are remembered by id and brought up to date; one that changes its currency is a conflict',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const [a, b] = [
          { id: 'A', currency: 'NOK', handles: ['NO:1'] },
          { id: 'B', currency: 'DKK', handles: [] },
        ];
        await store.rememberLedgers([b, a]);
        const later = { ...a, handles: ['NO:1', 'NO:2'] };
        await store.rememberLedgers([a, later]);
        mustEqual(await other.ledgers(), [later, b], 'the ledgers');
        const wrong = [
          { id: 'C', currency: 'NOK', handles: [] },
          { ...b, currency: 'EUR' },
        ];
        await mustRefuse(store.rememberLedgers(wrong), 'conflict', 'another currency');
        mustEqual(await other.ledgers(), [later, b], 'the ledgers after a refusal');
      }),
  },
  {
    id: 'one-writer',
    sentence: 'of two that write at once none loses anything: the second is told busy, or is there',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const readings = [0, 1].map((index) => readingOf({ index, bodies: [text(`${index}`)] }));
        const [one, two] = readings;
        if (one === undefined || two === undefined) return;
        const refused = await refusals([store.store(one), other.store(two)]);
        const kinds = refused.flatMap((error) =>
          error === undefined ? [] : 'kind' in error ? [error.kind] : [error.name],
        );
        mustHold(
          kinds.every((kind) => kind === 'busy') && kinds.length < 2,
          `writing at once is refused as ${kinds.join()}`,
        );
        const stored = readings.flatMap((_, index) => (refused[index] === undefined ? [`${index}`] : []));
        mustEqual((await pagesOf(store)).map(textOf), stored, 'what was said to be stored');
        // Who has closed is no writer any more.
        await store.close();
        await other.store(two);
      }),
  },
];

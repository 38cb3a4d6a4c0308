import type { WorkerEvent } from '@bilag/postgres';

/** What a worker has done, as Prometheus reads it (prometheus.io, "Exposition formats", text format 0.0.4). */
export class WorkerMetrics {
  readonly #companies = { nothing: 0, retry: 0, person: 0 };
  readonly #turns = { nothing: 0, more: 0, later: 0 };
  #turnMs = 0;
  #posted = 0;
  #fetched = 0;
  #overtaken = 0;
  #failed = 0;
  #unreachable = 0;

  count(event: WorkerEvent): void {
    if (event.is === 'turn') {
      this.#turns[event.left] += 1;
      this.#turnMs += event.ms;
    } else if (event.is === 'done') {
      this.#companies[event.state.asksFor] += 1;
      this.#posted += event.state.posted;
      this.#fetched += event.state.fetched;
    } else if (event.is === 'overtaken') this.#overtaken += 1;
    else if (event.is === 'failed') this.#failed += 1;
    else this.#unreachable += 1;
  }

  text(): string {
    const { nothing, retry, person } = this.#companies;
    return [
      counter('bilag_companies_total', 'Companies whose night ended, by what they ask for.', [
        ['{asks_for="nothing"}', nothing],
        ['{asks_for="retry"}', retry],
        ['{asks_for="person"}', person],
      ]),
      counter(
        'bilag_turns_total',
        'Turns that ended, by what they left.',
        Object.entries(this.#turns).map(([left, count]) => [`{left="${left}"}`, count] as const),
      ),
      counter('bilag_turn_seconds_total', 'Seconds in turns.', [['', this.#turnMs / 1_000]]),
      counter('bilag_vouchers_posted_total', 'Vouchers posted.', [['', this.#posted]]),
      counter('bilag_dates_fetched_total', 'Ledger dates fetched.', [['', this.#fetched]]),
      counter('bilag_turns_overtaken_total', 'Turns that another worker had taken over.', [['', this.#overtaken]]),
      counter('bilag_turns_failed_total', 'Turns that failed and are tried again.', [['', this.#failed]]),
      counter('bilag_database_unreachable_total', 'Times the database could not be reached.', [
        ['', this.#unreachable],
      ]),
    ].join('');
  }
}

function counter(name: string, help: string, values: readonly (readonly [labels: string, value: number])[]): string {
  const rows = values.map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} counter\n${rows.join('')}`;
}

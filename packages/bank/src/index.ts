export { bankCalendar, type BankCalendar } from './calendar/bank-calendar.ts';
export { forecastPayout, type PayoutForecast, type ScheduledPayout } from './calendar/payout-forecast.ts';

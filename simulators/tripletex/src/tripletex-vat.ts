/** A VAT type as a company offers it. The number is the SAF-T code people know; the id is what requests carry. */
export interface TripletexVatType {
  readonly id: number;
  readonly number: string;
  /** As Tripletex tells it: 100 where the VAT itself is posted, negative for reverse charge. No rate to compute with. */
  readonly percentage: number;
  readonly name: string;
  /** Where the system posts the VAT that a gross amount contains. */
  readonly contained?: { readonly rateBasisPoints: number; readonly account: string };
  /**
   * Reverse charge: what the system posts beside the amount, and where it is deducted; without a deduction it becomes part of
   * the cost. Assumed, as accounting systems in Norway do it: the postings of these codes were not seen.
   */
  readonly onTop?: { readonly rateBasisPoints: number; readonly owed: string; readonly deducted: string | null };
}

/** Ids and numbers as seen in a test company: for several they differ, and an id may be another type's number. */
export const tripletexVatTypes: readonly TripletexVatType[] = [
  { id: 0, number: '0', percentage: 0, name: 'Ingen behandling' },
  input(1, '1', 2500, '2710'),
  input(11, '11', 1500, '2711'),
  input(12, '13', 1200, '2712'),
  input(111, '12', 1111, '2712'),
  output(3, '3', 2500, '2700'),
  output(31, '31', 1500, '2701'),
  output(32, '33', 1200, '2702'),
  output(311, '32', 1111, '2702'),
  { id: 4, number: '4', percentage: 100, name: 'Utgående avgift, direktepostert' },
  { id: 5, number: '5', percentage: 0, name: 'Fritatt innenfor loven' },
  { id: 6, number: '6', percentage: 0, name: 'Utenfor loven' },
  { id: 7, number: '7', percentage: 0, name: 'Ingen behandling, inntekt' },
  { id: 13, number: '21', percentage: 0, name: 'Grunnlag innførsel, høy sats' },
  { id: 14, number: '22', percentage: 0, name: 'Grunnlag innførsel, middels sats' },
  { id: 21, number: 'UT-21', percentage: 100, name: 'Utgått, middels sats' },
  { id: 22, number: 'UT-22', percentage: 100, name: 'Utgått, lav sats' },
  { id: 23, number: '14', percentage: 100, name: 'Avgift betalt ved innførsel, høy sats' },
  {
    id: 34,
    number: '86',
    percentage: -25,
    name: 'Tjenester fra utlandet, høy sats',
    onTop: { rateBasisPoints: 2500, owed: '2704', deducted: '2714' },
  },
  {
    id: 35,
    number: '87',
    percentage: -25,
    name: 'Tjenester fra utlandet uten fradrag, høy sats',
    onTop: { rateBasisPoints: 2500, owed: '2704', deducted: null },
  },
  { id: 51, number: '51', percentage: 0, name: 'Innlands omvendt avgiftsplikt' },
  { id: 52, number: '52', percentage: 0, name: 'Utførsel' },
  { id: 501, number: 'RED-13', percentage: 6, name: 'Redusert lav sats' },
];

function input(id: number, number: string, rateBasisPoints: number, account: string): TripletexVatType {
  return taxed(id, number, `Inngående avgift, kode ${number}`, { rateBasisPoints, account });
}

function output(id: number, number: string, rateBasisPoints: number, account: string): TripletexVatType {
  return taxed(id, number, `Utgående avgift, kode ${number}`, { rateBasisPoints, account });
}

function taxed(
  id: number,
  number: string,
  name: string,
  contained: { readonly rateBasisPoints: number; readonly account: string },
): TripletexVatType {
  return { id, number, percentage: contained.rateBasisPoints / 100, name, contained };
}

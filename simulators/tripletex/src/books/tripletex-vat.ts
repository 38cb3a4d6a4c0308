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
   * the cost. The accounts follow from their names in a new company's chart: the postings of these codes were not seen.
   */
  readonly onTop?: { readonly rateBasisPoints: number; readonly owed: string; readonly deducted: string | null };
}

/**
 * All that a new company was seen to have, with short names of ours. For several id and number differ, and an id may be
 * another type's number.
 */
export const tripletexVatTypes: readonly TripletexVatType[] = [
  plain(0, '0', 0, 'Ingen behandling'),
  input(1, '1', 2500, '2710'),
  plain(2, 'UT-2', 100, 'Utgått, høy sats'),
  output(3, '3', 2500, '2700'),
  plain(4, '4', 100, 'Utgående avgift, direktepostert, høy sats'),
  plain(5, '5', 0, 'Fritatt innenfor loven'),
  plain(6, '6', 0, 'Utenfor loven'),
  plain(7, '7', 0, 'Ingen behandling, inntekt'),
  input(11, '11', 1500, '2711'),
  input(12, '13', 1200, '2712'),
  plain(13, '21', 0, 'Grunnlag innførsel, høy sats'),
  plain(14, '22', 0, 'Grunnlag innførsel, middels sats'),
  plain(21, 'UT-21', 100, 'Utgått, middels sats'),
  plain(22, 'UT-22', 100, 'Utgått, lav sats'),
  plain(23, '14', 100, 'Avgift betalt ved innførsel, høy sats'),
  plain(24, '15', 100, 'Avgift betalt ved innførsel, middels sats'),
  output(31, '31', 1500, '2701'),
  output(32, '33', 1200, '2702'),
  reverse(34, '86', 'Tjenester fra utlandet, høy sats', [2500, '2703', '2710']),
  reverse(35, '87', 'Tjenester fra utlandet uten fradrag, høy sats', [2500, '2703', null]),
  plain(41, '41', 100, 'Utgående avgift, direktepostert, middels sats'),
  plain(42, '42', 100, 'Utgående avgift, direktepostert, lav sats'),
  plain(51, '51', 0, 'Innlands omvendt avgiftsplikt'),
  plain(52, '52', 0, 'Utførsel'),
  reverse(81, '81', 'Innførsel, høy sats', [2500, '2705', '2710']),
  reverse(82, '82', 'Innførsel uten fradrag, høy sats', [2500, '2705', null]),
  reverse(83, '83', 'Innførsel, middels sats', [1500, '2706', '2711']),
  reverse(84, '84', 'Innførsel uten fradrag, middels sats', [1500, '2706', null]),
  plain(85, '85', 0, 'Grunnlag, fri innførsel'),
  reverse(88, '88', 'Tjenester fra utlandet, lav sats', [1200, '2704', '2712']),
  reverse(89, '89', 'Tjenester fra utlandet uten fradrag, lav sats', [1200, '2704', null]),
  reverse(91, '91', 'Klimakvoter og gull', [2500, '2707', '2710']),
  reverse(92, '92', 'Klimakvoter og gull uten fradrag', [2500, '2707', null]),
  input(111, '12', 1111, '2712'),
  plain(230, '20', 0, 'Grunnlag, innførsel uten avgift'),
  output(311, '32', 1111, '2702'),
  plain(500, 'URED-13', 12, 'Lav sats, ikke redusert'),
  plain(501, 'RED-13', 6, 'Redusert lav sats'),
  plain(550, 'TAP-1', 25, 'Tap på krav, kode 1'),
  plain(551, 'TAP-11', 15, 'Tap på krav, kode 11'),
  plain(552, 'TAP-12', 11.11, 'Tap på krav, kode 12'),
  plain(553, 'TAP-13', 12, 'Tap på krav, kode 13'),
  plain(554, 'UTTAK-3', 25, 'Uttak, kode 3'),
  plain(555, 'UTTAK-5', 0, 'Uttak, kode 5'),
  plain(556, 'UTTAK-31', 15, 'Uttak, kode 31'),
  plain(557, 'UTTAK-32', 11.11, 'Uttak, kode 32'),
  plain(558, 'UTTAK-33', 12, 'Uttak, kode 33'),
  plain(559, 'JUST-1', 25, 'Justering, kode 1'),
  plain(560, 'TILB-1', 25, 'Tilbakeføring, kode 1'),
  plain(561, 'TILB-81', -25, 'Tilbakeføring, kode 81'),
  plain(562, 'JUST-81', -25, 'Justering, kode 81'),
  plain(600, '81-K', -25, 'Kode 81 med kompensasjon'),
  plain(601, '83-K', -15, 'Kode 83 med kompensasjon'),
  plain(602, '86-K', -25, 'Kode 86 med kompensasjon'),
  plain(603, '88-K', -12, 'Kode 88 med kompensasjon'),
  plain(604, '91-K', -25, 'Kode 91 med kompensasjon'),
];

/** Whether the simulator can post the code. It offers the others, and refuses them: how their VAT is posted is not known. */
export function isPostable({ percentage, contained, onTop }: TripletexVatType): boolean {
  return contained !== undefined || onTop !== undefined || percentage === 0 || percentage === 100;
}

function plain(id: number, number: string, percentage: number, name: string): TripletexVatType {
  return { id, number, percentage, name };
}

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

function reverse(
  id: number,
  number: string,
  name: string,
  [rateBasisPoints, owed, deducted]: readonly [rateBasisPoints: number, owed: string, deducted: string | null],
): TripletexVatType {
  return { id, number, percentage: -rateBasisPoints / 100, name, onTop: { rateBasisPoints, owed, deducted } };
}

import { createRedactor, isSecretName, withoutPersons } from '../src/safety/redaction.ts';
import { describe, expect, test } from 'vitest';

describe('redaction', () => {
  const redactor = createRedactor();

  test.each([
    ['{"access_token":"abc.def","expires_in":900}', '{"access_token":***,"expires_in":900}'],
    ['{"escaped":"{\\"client_secret\\":\\"abc\\"}"}', '{"escaped":"{\\"client_secret\\":***}"}'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: *** ***'],
    ['sent with Basic YTpi', 'sent with Basic ***'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln is bad', '*** is bad'],
    ['Ocp-Apim-Subscription-Key: da7d5b0e', 'Ocp-Apim-Subscription-Key: ***'],
    ["client_id='abc' client_secret=def&x=1", 'client_id=*** client_secret=***&x=1'],
    ['password = "a \\" b", x', 'password = ***, x'],
  ])('%s becomes %s', (text, expected) => {
    expect(redactor.text(text)).toBe(expected);
  });

  test('ordinary text is left alone', () => {
    const text = 'Check the Authorization token and Ocp-Apim-Subscription-Key. {"code":"invalid_token","amount":900}';
    expect(redactor.text(text)).toBe(text);
  });

  test('addresses lose user information and secret parameters, and keep the rest', () => {
    expect(redactor.url('https://user:pass@api.example/x?token=abc&cursor=a%2B')).toBe(
      'https://api.example/x?token=***&cursor=a%2B',
    );
  });

  test('secret headers lose their value whatever it is', () => {
    expect(redactor.headers({ Cookie: 'a', 'X-Api-Key': 'b', client_id: 'c', accept: 'text/plain' })).toEqual({
      Cookie: '***',
      'X-Api-Key': '***',
      client_id: '***',
      accept: 'text/plain',
    });
    expect(isSecretName('Ocp-Apim-Subscription-Key')).toBe(true);
    expect(isSecretName('Merchant-Serial-Number')).toBe(false);
  });

  test('listed values are found in every usual spelling', () => {
    const knowing = createRedactor(['a+b/"c"=']);
    expect(knowing.text('a+b/"c"= and a%2Bb%2F%22c%22%3D and a+b/\\"c\\"=')).toBe('*** and *** and ***');
  });

  test('a long body without an end is done in good time', () => {
    expect(redactor.text('token'.repeat(200_000))).toHaveLength(1_000_000);
  });
});

describe('a person in the words of a target', () => {
  test.each([
    ['kunden KARI NORDMANN er sperret', 'kunden *** er sperret'],
    ['NORDMANN, KARI er sperret', '*** er sperret'],
    ['the customer Kari McDonald is blocked', 'the customer *** is blocked'],
    ['Ola\u00A0Nordmann er sperret', '*** er sperret'],
    ['ring 912 34 567 eller +47 22 33 44 55', 'ring *** eller ***'],
    ['NO93 8601 1117 947 og NO9386011117947 er sperret', '*** og *** er sperret'],
  ])('%s becomes %s', (text, expected) => {
    expect(withoutPersons(text)).toBe(expected);
  });

  test('is not a field, a code, a date or an account', () => {
    const text = 'ExternalImportReference på konto 1500 er feil: CUSTOMER_NOT_FOUND, MVA, 2026-01-15, 1 250.00';
    expect(withoutPersons(text)).toBe(text);
  });

  test('nor is a long text without an end slow', () => {
    for (const piece of ['AB ', 'Ab ', '12 ', 'AB12 ', 'Mc'])
      expect(withoutPersons(piece.repeat(20_000)).length).toBeGreaterThan(0);
  });
});

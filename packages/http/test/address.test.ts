import { isSafeAddress } from '@bilag/http';
import { expect, test } from 'vitest';

test.each([
  'https://api.example/v2',
  'http://127.0.0.1:8080',
  'http://localhost:1',
  'http://[::1]:80',
  'http://127.8.9.1',
])('keys may travel to %s', (address) => expect(isSafeAddress(address)).toBe(true));

test.each([
  'http://api.example',
  'http://127.0.0.1.evil.example',
  'http://localhost.evil.example',
  'http://127.0.0.1@evil.example',
  'https://user:secret@api.example',
  'https://user@api.example',
  'http://0.0.0.0',
  'ftp://api.example',
  'file:///etc/passwd',
  'api.example',
  '',
])('keys may not travel to %j', (address) => expect(isSafeAddress(address)).toBe(false));

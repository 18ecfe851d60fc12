//! The account views' pure parts: codes as they are pasted, a hint on passwords, what devices are called.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceName, isHandheld } from '../../web/assets/js/account/device.js';
import { readDigits } from '../../web/assets/js/account/digits.js';
import { strength } from '../../web/assets/js/account/strength.js';

test('a code is read out of what is pasted', () => {
  for (const text of ['123456', ' 123 456 ', '123-456', 'Your code is 123456. It is good for 5 minutes.', 'Code: 123 456\nCall 0800 1234567 if it was not you']) {
    assert.equal(readDigits(text), '123456', text);
  }
  for (const [typed, kept] of [['12', '12'], ['12a3', '123'], ['1234567', '123456'], ['', ''], ['abc', '']]) assert.equal(readDigits(typed), kept, typed);
});

test('a password that is short, of few letters or a row is called weak', () => {
  for (const [text, level] of [['', 0], ['x9!Kq', 0], ['éééééééééé', 1], ['aaaaaaaaaabbbb', 1], ['1234567890', 1], ['abcdefghijklmnop', 1], ['tin kettle', 2], ['tin kettle morning', 3]]) {
    assert.equal(strength(text), level, text);
  }
});

test('devices have names', () => {
  const named = {
    'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0': 'Firefox · Linux',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0': 'Edge · Windows',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15': 'Safari · macOS',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1': 'Chrome · iPhone',
    'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36': 'Chrome · Android',
    'curl/8.14.1': 'curl/8.14.1',
  };
  for (const [text, name] of Object.entries(named)) assert.equal(deviceName(text), name, text);
  assert.deepEqual(Object.keys(named).map(isHandheld), [false, false, false, true, true, false]);
});

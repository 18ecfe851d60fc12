//! The language files: the same keys in each, every key that the code names, and nothing that the code never asks for.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const ASSETS = join(HERE, '../../web/assets');

const keys = (texts, at = '') => Object.entries(texts).flatMap(([key, text]) => (typeof text === 'object' ? keys(text, `${at}${key}.`) : [at + key]));

// `web` has no package.json, so plain Node would take the modules for CommonJS.
async function texts(file) {
  const source = await readFile(join(ASSETS, 'lang', file), 'utf8');
  return (await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`)).default;
}

async function language(code) {
  const parts = await Promise.all(['', '-room', '-account'].map((part) => texts(`${code}${part}.js`)));
  return Object.assign({}, ...parts);
}

async function sources() {
  const folders = [join(ASSETS, 'js'), join(ASSETS, 'js/account')];
  const named = await Promise.all(folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))));
  const files = named.flat().filter((name) => name.endsWith('.js'));
  const all = await Promise.all([...files, join(ASSETS, '../index.html')].map((file) => readFile(file, 'utf8')));
  return all.join('\n');
}

test("each of the server's refusals has its words in both languages", async () => {
  const fault = await readFile(join(HERE, '../../src/fault.rs'), 'utf8');
  const codes = [...fault.matchAll(/\("([a-z_]+)", [45]\d\d, "/g)].map(([, code]) => code);
  assert.ok(codes.length > 35, `${codes}`);
  for (const code of ['en', 'de']) {
    const { errors } = await language(code);
    assert.deepEqual(codes.filter((word) => !(word in errors)), [], code);
  }
});

test('each event of an account has its words in both languages', async () => {
  const audit = await readFile(join(HERE, '../../src/store/audit.rs'), 'utf8');
  const words = [...audit.matchAll(/Self::\w+ => "([a-z_]+)"/g)].map(([, word]) => word);
  assert.ok(words.length > 20, `${words}`);
  for (const code of ['en', 'de']) {
    const { event } = await language(code);
    assert.deepEqual(words.filter((word) => !(word in event)), [], code);
  }
});

test('both languages say everything', async () => {
  assert.deepEqual(keys(await language('de')), keys(await language('en')));
});

test('each text has the same places to fill in both languages', async () => {
  const [en, de] = [await language('en'), await language('de')];
  const places = (text) => (typeof text === 'string' ? (text.match(/\{\w+\}/g) ?? []).sort() : typeof text);
  for (const key of keys(en)) {
    const at = (texts) => key.split('.').reduce((inner, step) => inner[step], texts);
    assert.deepEqual(places(at(de)), places(at(en)), key);
  }
});

test('the code asks for texts that exist, and for each of them', async () => {
  const known = new Set(keys(await language('en')));
  const source = await sources();
  const asked = [...source.matchAll(/\bt\("([a-z_.]+)"/g)].map(([, key]) => key);
  assert.ok(asked.length > 100);
  assert.deepEqual(asked.filter((key) => !known.has(key)), []);
  const composed = [...source.matchAll(/`([a-z_]+\.[a-z_]*)\$\{/g)].map(([, start]) => start);
  const idle = [...known].filter((key) => !source.includes(`"${key}"`) && !composed.some((start) => key.startsWith(start)));
  assert.deepEqual(idle, []);
});

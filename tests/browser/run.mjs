//! Runs the browser tests, those that drive a browser one file after the other, and ends with a line that scripts/test reads: "browser: N passed, N failed, N skipped".
// `node run.mjs [part of a file name]...`; CONVENE_BIN names the program, else target/release/convene.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const FILE_TIMEOUT_MS = 10 * 60 * 1000;

/** Files that drive no browser wait more than they compute: they run beside those that do, one after the other too. */
const WITHOUT_BROWSER = /^(account-parts|animo-client|animo-wire|mesibo-parts|mesibo-seats|page-parts|page-texts|sdk-)/;

/** Runs one file with people's output on stdout, at once or as a whole, and the machine's in `tap`; resolves to its exit code. */
function runFile(file, tap) {
  const beside = WITHOUT_BROWSER.test(file);
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=tap', `--test-reporter-destination=${tap}`];
  const child = spawn(process.execPath, [...reporters, join(HERE, file)], { cwd: HERE, stdio: ['ignore', beside ? 'pipe' : 'inherit', beside ? 'pipe' : 'inherit'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), FILE_TIMEOUT_MS);
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      const ends = () => resolve(code ?? `killed by ${signal}`);
      if (!beside) return ends();
      const late = setTimeout(ends, 2_000); // what it left running may hold its output open
      child.once('close', () => {
        clearTimeout(late);
        ends();
      });
    });
  });
  return ended.finally(() => beside && console.log(`\n${file}\n${said}`));
}

/** The closing counters of a TAP report; a report without them (a crash) counts as one failure. */
function counted(report, exit) {
  const number = (name) => Number(report.match(new RegExp(`^# ${name} (\\d+)$`, 'm'))?.[1] ?? NaN);
  const passed = number('pass');
  if (Number.isNaN(passed)) return { passed: 0, failed: 1, skipped: 0 };
  const failed = number('fail') + number('cancelled');
  const skipped = number('skipped') + number('todo');
  return { passed, failed: failed === 0 && exit !== 0 ? 1 : failed, skipped };
}

/** One run of a file. Real browsers share two cores here, so a failed file has one more; that it needed it is said. */
async function tried(file) {
  const tap = join(scratch, `${file}.tap`);
  const exit = await runFile(file, tap);
  return { exit, counts: counted(await readFile(tap, 'utf8').catch(() => ''), exit) };
}

const wanted = process.argv.slice(2);
const all = (await readdir(HERE)).filter((name) => name.endsWith('.test.mjs')).sort();
const files = wanted.length ? all.filter((name) => wanted.some((part) => name.includes(part))) : all;
const scratch = await mkdtemp(join(tmpdir(), 'convene-tap-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const twice = [];
if (files.length === 0) {
  console.log(`no test file matches ${wanted.join(' ')}`);
  total.failed += 1;
}
/** Runs these one after the other. */
async function runAll(some) {
  for (const file of some) {
    if (!WITHOUT_BROWSER.test(file)) console.log(`\n${file}`);
    let { exit, counts } = await tried(file);
    if (counts.failed > 0) {
      console.log(`${file} failed: once more`);
      ({ exit, counts } = await tried(file));
      if (counts.failed === 0) {
        console.log(`FLAKY: ${file} passed at its second try`);
        twice.push(file);
      }
    }
    for (const key of Object.keys(total)) total[key] += counts[key];
    if (exit !== 0) console.log(`${file} ended with ${exit}`);
  }
}
await Promise.all([true, false].map((beside) => runAll(files.filter((file) => WITHOUT_BROWSER.test(file) === beside))));
await rm(scratch, { recursive: true, force: true });
if (twice.length > 0) console.log(`\npassed at their second try: ${twice.join(' ')}`);
console.log(`\nbrowser: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

//! Outside programs a test starts: a free port, waiting with a deadline, output kept for the failure message, and an end in any case.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A free TCP port on loopback below the range the system takes its own from, so that it stays free over a restart. */
export async function freePort() {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = 20000 + Math.floor(Math.random() * 10000);
    const probe = createServer();
    const free = await new Promise((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new Error('no free port found');
}

/** Whether something on loopback takes connections at `port`. */
export function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** Resolves with the first truthy answer of `ask`, asked every 50 ms; rejects after `seconds`. */
export async function until(what, ask, seconds = 15) {
  const deadline = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not happen within ${seconds} s${last ? `: ${last.message}` : ''}`);
}

const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/** Much more than any test makes a program say, so that nothing it says goes unread. */
const KEPT_BYTES = 50_000_000;

/** A started program; its output (the last 50 MB) is kept in `output`. */
export class Program {
  constructor(command, args, options = {}) {
    this.name = command.split('/').pop();
    this.output = '';
    this.ended = null;
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    running.add(this.child);
    const keep = (chunk) => {
      this.output = (this.output + chunk).slice(-KEPT_BYTES);
    };
    this.child.stdout.on('data', keep);
    this.child.stderr.on('data', keep);
    this.exit = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.output += error.message;
        resolve((this.ended = error.message));
      });
      this.child.once('close', (code, signal) => {
        running.delete(this.child);
        resolve((this.ended = signal ?? code));
      });
    });
  }

  /** Waits until `ask` is true; fails at once, with the output, if the program ends before. */
  async ready(ask, seconds = 15) {
    await until(`${this.name} being ready`, () => this.ended !== null || ask(), seconds).catch((error) => {
      throw new Error(`${error.message}\n${this.output.slice(-4000)}`);
    });
    if (this.ended !== null) throw new Error(`${this.name} ended with ${this.ended}\n${this.output.slice(-4000)}`);
  }

  /** Sends a signal and resolves with the exit code or the signal it died of; kills after `seconds`. */
  async end(signal = 'SIGTERM', seconds = 30) {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), seconds * 1000);
    if (this.ended === null) this.child.kill(signal);
    const how = await this.exit;
    clearTimeout(timer);
    return how;
  }
}

//! The release server with a data folder and a port of its own; may be killed and started again on both.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Program, freePort } from './process.mjs';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const ROOT = resolve(HERE, '../../..');

/** Tokens by their shape, kept passwords, and the passwords that these tests use. */
const SECRET = /cv[skroa]_[\w-]{43}|eyJ0eXAiOiJjb252ZW5l|\$argon2|tin kettle morning|copper lantern river/;

/** The program under test. */
export function binary() {
  const path = process.env.CONVENE_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'release/convene');
  if (!existsSync(path)) throw new Error(`${path} is missing: cargo build --release, or set CONVENE_BIN`);
  return path;
}

export class Server {
  /** Starts a server; `config` maps `section.key` to its value. */
  static async start(config = {}) {
    const program = binary();
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'convene-browser-'));
    const server = new Server(program, port, folder, config);
    await server.up().catch(async (error) => {
      await server.stop().catch(() => {}); // why it did not come up says more
      throw error;
    });
    return server;
  }

  constructor(binary, port, folder, config) {
    this.binary = binary;
    this.port = port;
    this.folder = folder;
    this.config = { 'http.bind': `127.0.0.1:${port}`, 'data.dir': join(folder, 'data'), 'log.format': 'json', ...config };
    this.url = `http://127.0.0.1:${port}`;
    this.logs = '';
    /** The program, from its start until a test ends it. */
    this.program = null;
    /** What can't be known by its shape, put in by tests. */
    this.secrets = [];
  }

  environment() {
    const keys = Object.entries(this.config).map(([key, value]) => [`CONVENE__${key.replaceAll('.', '__').toUpperCase()}`, String(value)]);
    return { ...process.env, ...Object.fromEntries(keys) };
  }

  /** Starts the program (again) on the same port and data; resolves when it answers. */
  async up() {
    this.program = new Program(this.binary, [], { cwd: this.folder, env: this.environment() });
    await this.program.ready(async () => (await fetch(`${this.url}/healthz`)).ok);
  }

  /** SIGKILL, as a crash would end it; fails if it had ended by itself before. */
  async kill() {
    const how = await this.end('SIGKILL');
    if (how !== 'SIGKILL') throw new Error(`the server had ended by itself with ${how}\n${this.logs.slice(-4000)}`);
  }

  /** SIGTERM; resolves with the exit code, fails if it had ended by itself before. */
  async drain() {
    const { ended } = this.program;
    const code = await this.end('SIGTERM');
    if (ended !== null) throw new Error(`the server had ended by itself with ${ended}\n${this.logs.slice(-4000)}`);
    return code;
  }

  async end(signal) {
    const { program } = this;
    const how = await program.end(signal);
    this.logs += program.output;
    this.program = null;
    return how;
  }

  async restart() {
    await this.kill();
    await this.up();
  }

  /** Everything logged so far, over all restarts. */
  output() {
    return this.logs + (this.program?.output ?? '');
  }

  /** Ends the server in any case and removes its folder; it ran until now, nothing in it panicked, and what it logged holds no secret. */
  async stop() {
    const faults = [];
    if (this.program) await this.kill().catch((error) => faults.push(error.message));
    await rm(this.folder, { recursive: true, force: true });
    const lines = this.logs.split('\n');
    faults.push(...lines.filter((line) => line.includes('something panicked')));
    const spilled = lines.filter((line) => SECRET.test(line) || this.secrets.some((secret) => line.includes(secret)));
    if (spilled.length > 0) faults.push('the log holds secrets:', ...spilled);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }
}

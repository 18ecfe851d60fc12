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
      await server.stop();
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

  /** SIGKILL, as a crash would end it. */
  async kill() {
    await this.program.end('SIGKILL');
    this.logs += this.program.output;
  }

  /** SIGTERM; resolves with the exit code. */
  async drain() {
    const code = await this.program.end('SIGTERM');
    this.logs += this.program.output;
    return code;
  }

  async restart() {
    await this.kill();
    await this.up();
  }

  /** Everything logged so far, over all restarts. */
  output() {
    return this.program.ended === null ? this.logs + this.program.output : this.logs;
  }

  /** Ends the server in any case and removes its folder; what it logged holds no secret. */
  async stop() {
    if (this.program.ended === null) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
    const spilled = this.logs.split('\n').filter((line) => SECRET.test(line) || this.secrets.some((secret) => line.includes(secret)));
    if (spilled.length > 0) throw new Error(`the log holds secrets:\n${spilled.join('\n')}`);
  }
}

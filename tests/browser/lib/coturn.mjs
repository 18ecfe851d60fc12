//! A TURN server on loopback, for calls that may go through a relay only.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program, freePort, listens } from './process.mjs';

export class Coturn {
  /** Starts coturn with a shared secret, on a port below 32768 (above it the kernel may hold the port itself). */
  static async start() {
    const turn = new Coturn();
    turn.secret = randomBytes(16).toString('hex');
    turn.port = await freePort();
    turn.folder = await mkdtemp(join(tmpdir(), 'convene-coturn-'));
    const flags = [
      '-n', '--no-cli', '--no-tls', '--no-dtls', '--fingerprint', '--use-auth-secret', '--simple-log', '-v',
      '--listening-ip=127.0.0.1', `--listening-port=${turn.port}`, '--relay-ip=127.0.0.1', '--allow-loopback-peers',
      '--min-port=30000', '--max-port=30500', `--static-auth-secret=${turn.secret}`, '--realm=test.local',
      `--pidfile=${join(turn.folder, 'pid')}`, `--userdb=${join(turn.folder, 'db')}`, '--log-file=stdout',
    ];
    turn.program = new Program('turnserver', flags, { cwd: turn.folder });
    await turn.program.ready(() => listens(turn.port));
    return turn;
  }

  /** What the server's configuration needs so that calls go through this relay and nowhere else. */
  get config() {
    return {
      'ice.turn_urls': `turn:127.0.0.1:${this.port}?transport=udp`,
      'ice.turn_secret': this.secret,
      'ice.policy': 'relay',
    };
  }

  async stop() {
    await this.program.end('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

//! Caddy and nginx, started with the very examples of docs/OPERATIONS.md; only names, ports and certificates are put in place.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Program, listens } from './process.mjs';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const PAGE = resolve(HERE, '../../../docs/OPERATIONS.md');

/** The one code block of that language on the operations page. */
function example(language) {
  const blocks = [...readFileSync(PAGE, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  const found = blocks.filter(([, name]) => name === language).map(([, , text]) => text);
  if (found.length !== 1) throw new Error(`the operations page has ${found.length} ${language} examples, not one`);
  return found[0];
}

/** Replaces text that must be there. */
function put(text, old, now) {
  if (!text.includes(old)) throw new Error(`the example has no ${old}`);
  return text.replaceAll(old, now);
}

class Proxy {
  constructor(port, folder) {
    this.port = port;
    this.folder = folder;
    this.url = `https://localhost:${port}`;
  }

  async stop() {
    await this.program.end('SIGTERM', 5);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Caddy with a certificate of its own making. */
export async function caddy(port, backend) {
  const proxy = new Proxy(port, await mkdtemp(join(tmpdir(), 'convene-caddy-')));
  let text = put(example('caddyfile'), 'meet.example.org {', `https://localhost:${port} {\n\ttls internal`);
  text = put(text, '127.0.0.1:8080', `127.0.0.1:${backend}`);
  const options = `{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\tstorage file_system ${proxy.folder}/store\n}\n`;
  const file = join(proxy.folder, 'Caddyfile');
  await writeFile(file, options + text);
  const env = { ...process.env, HOME: proxy.folder, XDG_CONFIG_HOME: proxy.folder, XDG_DATA_HOME: proxy.folder };
  proxy.program = new Program('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { env });
  await proxy.program.ready(() => listens(port), 20);
  return proxy;
}

/** nginx with a self-signed certificate; the example is what stands inside `http { }`. */
export async function nginx(port, backend) {
  const proxy = new Proxy(port, await mkdtemp(join(tmpdir(), 'convene-nginx-')));
  await chmod(proxy.folder, 0o755);
  const [certificate, key] = [join(proxy.folder, 'certificate.pem'), join(proxy.folder, 'key.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=localhost'];
  execFileSync('openssl', [...request, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  let text = put(example('nginx'), 'listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`);
  text = put(text, 'server_name meet.example.org;', 'server_name localhost;');
  text = put(text, '/etc/letsencrypt/live/meet.example.org/fullchain.pem', certificate);
  text = put(text, '/etc/letsencrypt/live/meet.example.org/privkey.pem', key);
  text = put(text, '127.0.0.1:8080', `127.0.0.1:${backend}`);
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${proxy.folder}/${name};`);
  const file = join(proxy.folder, 'nginx.conf');
  const frame = `daemon off;\npid ${proxy.folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${folders.join('\n')}\n${text}\n}\n`;
  await writeFile(file, frame);
  const program = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find((path) => existsSync(path)) ?? 'nginx';
  proxy.program = new Program(program, ['-p', proxy.folder, '-c', file]);
  await proxy.program.ready(() => listens(port), 20);
  return proxy;
}

//! Pages that behave as the real clients of Animo Meet do, served by Node from an origin of their own: one of the first generations
//! (positional chat, bearer), one of the last (objects, cookie).
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const CLIENT = join(createRequire(import.meta.url).resolve('socket.io-client/package.json'), '..', 'dist', 'socket.io.js');

/** Serves the page; any path gets it, as a single page expects. */
export async function servePages() {
  const files = { '/client.js': CLIENT, '/page.js': join(HERE, '..', 'pages', 'animo', 'page.js') };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = files[pathname] ?? join(HERE, '..', 'pages', 'animo', 'index.html');
    const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(await readFile(file));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  return { origin: `http://localhost:${port}`, stop: () => new Promise((done) => server.close(done)) };
}

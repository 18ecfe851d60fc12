//! What most files need, for as long as the file runs: one server and one browser, both gone afterwards whatever happened.
import { after, before } from 'node:test';
import { launch } from './chromium.mjs';
import { Server } from './server.mjs';

/** There from the first test on. */
export let browser;
export let server;

before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

//! The browser that holds sound back until a click: the page offers the click, and the click brings the sound.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './lib/chromium.mjs';
import { browser, server } from './lib/stage.mjs';
import { attend, createRoom } from './lib/walk.mjs';

let refusing;
before(async () => {
  refusing = await launch({ flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'] });
});
after(async () => {
  await refusing?.close();
});

// Whatever asks the page something through the debugger counts as a gesture of the person. So the page reports by itself.
function reportSound() {
  let before = '';
  setInterval(() => {
    const button = document.querySelector('[data-test=hear]');
    const box = button && !button.hidden ? button.getBoundingClientRect() : null;
    const playing = [...document.querySelectorAll('[data-test=audio]')].filter((audio) => audio.srcObject && !audio.paused).length;
    const now = JSON.stringify({ hear: box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null, playing, gesture: navigator.userActivation.hasBeenActive });
    if (now === before) return;
    before = now;
    console.log(`sound ${now}`);
  }, 100);
}

function nextSound(page, accepts, what) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the page never reported ${what}`)), 20_000);
    const listen = (message) => {
      const found = message.text().match(/^sound (.*)$/);
      const now = found && JSON.parse(found[1]);
      if (!now || !accepts(now)) return;
      clearTimeout(timer);
      page.off('console', listen);
      resolve(now);
    };
    page.on('console', listen);
  });
}

test('without a gesture one is asked to click, and then hears', async () => {
  const { code } = await createRoom(server);
  const ana = await attend(browser, server, code, 'Ana');
  // Bob takes a seat, then the tab comes back without anybody having touched it.
  const bob = await attend(refusing, server, code, 'Bob');
  await ana.getByTestId('tile').filter({ hasText: 'Bob' }).waitFor();
  const seat = await bob.evaluate((key) => [key, sessionStorage.getItem(key)], `convene.seat.${code}`);
  assert.ok(seat[1], 'the tab keeps its seat');
  const context = bob.context();
  await bob.close();
  const back = await context.newPage();
  await back.addInitScript(([key, value]) => sessionStorage.setItem(key, value), seat);
  await back.addInitScript(reportSound);
  const blocked = nextSound(back, (now) => now.hear !== null, 'sound held back');
  await back.goto(`${server.url}/m/${code}`);
  const { hear, gesture } = await blocked;
  assert.equal(gesture, false, 'nothing counted as a gesture');
  const heard = nextSound(back, (now) => now.hear === null && now.playing > 0, 'sound after the click');
  await back.mouse.click(hear.x, hear.y);
  await heard;
});

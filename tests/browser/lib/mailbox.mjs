//! The mails and text messages that a server in file mode has written, read as their receiver would.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './process.mjs';

const read = new Set();

/** What `pattern` finds in the next mail to `address` that nobody here has read: its first group, or all of it. */
export function nextMail(server, address, pattern) {
  return until(`a mail to ${address} with ${pattern}`, async () => {
    for (const file of await files(join(server.config['data.dir'], 'mail'), '.eml')) {
      if (read.has(file)) continue;
      const mail = await readFile(file, 'utf8');
      const found = isTo(mail, address) && plainText(mail).match(pattern);
      if (!found) continue;
      read.add(file);
      return found[1] ?? found[0];
    }
    return null;
  });
}

/** The code in the next text message to `number` (E.164). */
export function nextTextCode(server, number) {
  return until(`a text message to ${number}`, async () => {
    for (const file of await files(join(server.config['data.dir'], 'sms'), '.txt')) {
      if (read.has(file)) continue;
      const message = await readFile(file, 'utf8');
      const code = message.includes(number) && message.replace(number, '').match(/\b(\d{6})\b/);
      if (!code) continue;
      read.add(file);
      return code[1];
    }
    return null;
  });
}

/** The code in the next mail. */
export const nextCode = (server, address) => nextMail(server, address, /^\s*(\d{6})\s*$/m);

/** The path of the link to a new password, with what stands behind it. */
export const nextReset = (server, address) => nextMail(server, address, /https?:\/\/[^/\s]+(\/reset\S+)/);

/** Of one kind, the oldest first. */
async function files(folder, end) {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(end));
  const aged = await Promise.all(names.map(async (name) => ({ file: join(folder, name), at: (await stat(join(folder, name))).mtimeMs })));
  return aged.sort((a, b) => a.at - b.at).map(({ file }) => file);
}

function isTo(mail, address) {
  return new RegExp(`^To:.*${address.replace(/[.+]/g, '\\$&')}`, 'im').test(mail);
}

/** The plain part, decoded. */
function plainText(mail) {
  const part = mail.split(/^--\S+\r?$/m).find((one) => /^content-type: text\/plain/im.test(one)) ?? mail;
  const [head, ...body] = part.trimStart().split(/\r?\n\r?\n/);
  const text = body.join('\n\n');
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(text, 'base64').toString('utf8');
  if (!/^content-transfer-encoding: quoted-printable/im.test(head)) return text;
  const bytes = text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

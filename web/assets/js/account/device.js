//! What a device is called in words, from how its browser introduces itself.

const BROWSERS = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

/** "Firefox · Linux"; what isn't known is told as it came. */
export function deviceName(text) {
  const first = (list) => list.find(([pattern]) => pattern.test(text))?.[1];
  const named = [first(BROWSERS), first(SYSTEMS)].filter(Boolean);
  return named.length > 0 ? named.join(" · ") : text;
}

/** Whether to draw a phone. */
export function isHandheld(text) {
  return /\b(?:iPhone|iPad|Android|Mobile)\b/.test(text);
}

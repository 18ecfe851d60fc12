//! Going from view to view without a new document, and what addresses may be gone to.

let show = () => {};

/** The one who draws what the address asks for; `moved` says that someone went there from within the page. */
export function onRoute(draw) {
  show = draw;
  window.addEventListener("popstate", () => show({ moved: true }));
  document.addEventListener("click", follow);
}

/** Goes to an address of the page. */
export function go(address, { replace = false } = {}) {
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  return show({ moved: true });
}

/** Draws the view of the present address anew, after a change of language. */
export function again() {
  return show({ moved: false });
}

const OWN = /^\/(?:$|m\/[^/]+$|(?:signin|signup|forgot|reset|account|meetings|history)$)/;

/** An address of the page's own; anything else, another site's too, is null. */
export function ownAddress(text) {
  if (!text?.startsWith("/")) return null;
  let url;
  try {
    url = new URL(text, location.origin);
  } catch {
    return null;
  }
  return url.origin === location.origin && OWN.test(url.pathname) ? url.pathname + url.search : null;
}

/** Plain clicks on links to the page's own views stay in the document. */
function follow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!link || link.target || link.hasAttribute("download")) return;
  const address = ownAddress(link.getAttribute("href"));
  if (address === null) return;
  event.preventDefault();
  go(address);
}

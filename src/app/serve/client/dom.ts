/** An element that the server put into the page. */
export function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} ${id}`);
}

/**
 * Puts HTML that the server rendered in the place of an element's content, where it is another one.
 * @returns whether it was
 */
export function replace(target: HTMLElement, html: string): boolean {
  if (target.dataset.shown === html) return false;
  target.dataset.shown = html;
  // What was opened stays open.
  const open = [...target.querySelectorAll('details')].map((details) => details.open);
  target.innerHTML = html;
  target.querySelectorAll('details').forEach((details, index) => {
    if (open[index] === true) details.open = true;
  });
  return true;
}

/** @throws Error where the server has no answer */
export async function load(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

/** Calls one after the other, of which at most one waits. One that fails is forgotten: the next tries again. */
export function coalesced(action: () => Promise<unknown>): () => void {
  let last: Promise<unknown> = Promise.resolve();
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    last = last
      .then(() => {
        isWaiting = false;
        return action();
      })
      .catch(() => undefined);
  };
}

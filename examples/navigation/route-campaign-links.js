/**
 * Lets a router answer the links of the kit. Call it once.
 *
 * @param {EventTarget} root around the elements, such as the document
 * @param {(path: string) => void} go navigates to a path of this site
 */
export function routeCampaignLinks(root, go) {
  root.addEventListener('campaign-navigate', (event) => {
    const { href } = /** @type {CustomEvent} */ (event).detail;
    // Without an address it is a button: the name of the page is in `event.detail.to`.
    if (href === undefined) return;
    const { origin, pathname, search, hash } = new URL(href);
    if (origin !== location.origin) return;
    event.preventDefault();
    go(pathname + search + hash);
  });
}

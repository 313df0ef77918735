/** Styles of the story pages. An adopted style sheet, because a build would rewrite `light-dark()` in a CSS file. */
import { css } from 'lit';

const styles = css`
  /* The Lifecycle page fills the window. */
  .story-page:has(story-campaign-page) {
    padding: 0;
  }

  .rates {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 0 0 12px;
    padding: 0;
    border: 0;
  }

  .rates legend {
    padding: 0 0 4px;
    font-weight: 600;
  }

  .sheet {
    display: grid;
    gap: 32px;
    max-inline-size: 72rem;
  }

  .states {
    min-inline-size: 0;
  }

  .states > h2 {
    margin: 0 0 12px;
    font-size: 14px;
    line-height: 20px;
    font-weight: 600;
  }

  .states-grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr));
    gap: 20px 24px;
  }

  .states-grid[data-wide] {
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr));
  }

  .states-grid > figure {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    justify-items: start;
    gap: 6px;
    min-inline-size: 0;
    margin: 0;
  }

  .states-grid[data-wide] > figure {
    justify-items: stretch;
  }

  .states-grid figcaption {
    font-size: 12px;
    line-height: 16px;
    color: light-dark(#596070, #a4abb8);
  }

  .states-grid figcaption > span {
    display: block;
  }

  .story-page:has(.themed) {
    background: var(--campaign-color-raised);
    color: var(--campaign-color-text);
  }

  .themed {
    display: grid;
    gap: 20px;
  }

  .themed-tags {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .prose {
    max-inline-size: 42rem;
  }

  .prose > * {
    margin: 0 0 12px;
  }

  .prose h1 {
    font-size: 24px;
    line-height: 32px;
    font-weight: 600;
    letter-spacing: -0.01em;
  }

  .prose h2 {
    margin-block-start: 28px;
    font-size: 16px;
    line-height: 24px;
    font-weight: 600;
  }

  .prose :is(ul, ol) {
    padding-inline-start: 20px;
  }

  .prose li {
    margin-block-end: 6px;
  }

  .prose a {
    color: light-dark(#1d4ed8, #8ab4ff);
  }

  .prose code {
    font:
      12px/18px ui-monospace,
      'SFMono-Regular',
      Menlo,
      Consolas,
      monospace;
  }

  .boxed {
    block-size: min(36rem, 80vb);
  }

  .narrow {
    inline-size: min(320px, 100%);
  }

  .host-button {
    min-block-size: 32px;
    padding: 5px 12px;
    border: 1px solid light-dark(#868d9b, #6d7585);
    border-radius: 6px;
    background: transparent;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }

  .host-cell {
    display: flex;
    align-items: center;
    gap: 8px;
  }

  .host-bar {
    flex: none;
    inline-size: 40px;
    block-size: 6px;
    overflow: hidden;
    border: 1px solid light-dark(#868d9b, #6d7585);
    border-radius: 3px;
  }

  .host-bar span {
    display: block;
    block-size: 100%;
    background: light-dark(#1d4ed8, #8ab4ff);
    forced-color-adjust: none;
  }

  @media (forced-colors: active) {
    .host-bar span {
      background: CanvasText;
    }
  }

  /* MDX makes paragraphs of lines. */
  :is(story-pair, .story-together) p {
    margin: 0;
  }

  .story-together {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }

  /* A box that fills the picture it is in. The provider itself has none. */
  .story-fill > *,
  .story-clipped,
  .story-veiled {
    flex: 1 1 100%;
    min-inline-size: 0;
  }

  .story-scroll {
    overflow-x: auto;
  }

  .story-clipped {
    overflow: hidden;
  }

  .story-stacked {
    display: grid;
    flex: 1 1 100%;
    gap: 12px;
  }

  .story-banner {
    padding: 8px 12px;
    border-radius: 6px;
    color: light-dark(#ffffff, #0f1115);
    background: light-dark(#9d011b, #ec5560);
  }

  .story-veiled {
    position: relative;
  }

  .story-veiled::after {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    background: light-dark(rgb(255 255 255 / 75%), rgb(15 17 21 / 75%));
    content: 'Loading…';
  }

  .prose pre {
    padding: 12px 16px;
    overflow: auto;
    border: 1px solid light-dark(#dde0e6, #2e333d);
    border-radius: 10px;
    background: light-dark(#f5f6f8, #15181e);
  }

  .scheme {
    min-inline-size: 0;
    padding: 20px;
    border-radius: 10px;
    color: light-dark(#1a1d24, #e8eaee);
    background: light-dark(#ffffff, #0f1115);
    box-shadow: 0 0 0 1px light-dark(#dde0e6, #2e333d);
  }

  .scheme[data-scheme='light'] {
    color-scheme: light;
  }

  .scheme[data-scheme='dark'] {
    color-scheme: dark;
  }

  .scheme h2 {
    margin: 0 0 12px;
    font-size: 14px;
    line-height: 20px;
    font-weight: 600;
  }

  .scroll {
    overflow-x: auto;
  }

  .scheme table {
    border-collapse: collapse;
    font-size: 13px;
  }

  .scheme :is(th, td) {
    padding-block: 6px;
    padding-inline: 0 20px;
    border-block-end: 1px solid light-dark(#dde0e6, #2e333d);
    text-align: start;
    vertical-align: middle;
  }

  .scheme thead th {
    color: light-dark(#596070, #a4abb8);
    font-size: 12px;
    font-weight: 500;
    white-space: nowrap;
  }

  .scheme .number {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }

  .scheme [data-ok='false'] {
    font-weight: 700;
    text-decoration: underline wavy;
  }

  .scheme code,
  .icons code {
    font:
      12px/16px ui-monospace,
      'SFMono-Regular',
      Menlo,
      Consolas,
      monospace;
  }

  .scheme .sample {
    display: block;
    inline-size: 96px;
    block-size: 26px;
  }

  .icons {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
    gap: 24px;
  }

  .icons > figure {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 8px 16px;
    margin: 0;
  }

  .icons figcaption {
    flex-basis: 100%;
    font-size: 12px;
    line-height: 16px;
  }

  .icons figcaption > span {
    display: block;
    color: light-dark(#596070, #a4abb8);
  }
`;

if (styles.styleSheet && !document.adoptedStyleSheets.includes(styles.styleSheet))
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles.styleSheet];

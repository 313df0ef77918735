import { render, type ReactiveElement } from 'lit';

/** Draws an element by a template, as `LitElement` does. */
export function drawTemplate(element: ReactiveElement, template: unknown): void {
  render(template, element.renderRoot, { host: element });
}

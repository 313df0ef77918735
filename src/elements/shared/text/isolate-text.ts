import type { TemplateResult } from 'lit';
import type { MessageKey, Params, Localizer } from '../../../i18n/index.ts';
import { html } from '../templates/html.ts';

/** Never part of a shown text: it marks where a foreign word goes. */
const MARK = '\0';

/**
 * A message with words from outside in it (a campaign's name, a raw status), each isolated: whichever way such a word is
 * written, it does not reorder the sentence around it.
 *
 * @param foreign the words from outside, by the names of their placeholders
 * @param params all other parameters
 */
export function isolateText(
  i18n: Localizer,
  key: MessageKey,
  foreign: Readonly<Record<string, string>>,
  params: Params = {},
): readonly (string | TemplateResult)[] {
  const values = Object.values(foreign);
  const marks: Record<string, string> = {};
  for (const [index, name] of Object.keys(foreign).entries()) marks[name] = `${MARK}${index}${MARK}`;
  return i18n
    .format(key, { ...params, ...marks })
    .split(MARK)
    .map((piece, index) => (index % 2 ? html`<bdi>${values[Number(piece)]}</bdi>` : piece));
}

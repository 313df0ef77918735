import { css, unsafeCSS, type CSSResult } from '@lit/reactive-element/css-tag.js';
import { icons } from './shapes.ts';

/** One polygon of several closed lines: each is left and entered along the same edge, which encloses nothing. */
const rules = Array.from(icons, ([name, contours]) => {
  const [startX, startY] = contours[0]!;
  const points = contours.flatMap((contour) => [...contour, contour[0]!, contour[1]!, startX!, startY!]);
  const corners = points.map((value, index) => `${value * 6.25}%${index % 2 ? ',' : ' '}`).join('');
  return `[data-icon=${name}]::before{clip-path:polygon(evenodd,${corners.slice(0, -1)})}`;
});

/** The icon named by `data-icon`, before the words of an element, as large as its text. */
export const iconStyles: CSSResult = css`
  [data-icon]::before {
    content: '';
    flex: none;
    inline-size: 1em;
    block-size: 1em;
    background: currentColor;
  }
  ${unsafeCSS(rules.join(''))}
  @media (forced-colors: active) {
    [data-icon]::before {
      forced-color-adjust: none;
      background: ButtonText;
    }
  }
`;

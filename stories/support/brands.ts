import carbon from '../../themes/carbon.css?raw';
import fluent from '../../themes/fluent.css?raw';
import material from '../../themes/material.css?raw';
import primer from '../../themes/primer.css?raw';
import tailwind from '../../themes/tailwind.css?raw';
import webAwesome from '../../themes/web-awesome.css?raw';

/** The theme files of the package for other design systems, by their names. */
export const brands = {
  material: { title: 'Material 3', css: material },
  fluent: { title: 'Fluent 2', css: fluent },
  carbon: { title: 'Carbon', css: carbon },
  primer: { title: 'Primer', css: primer },
  'web-awesome': { title: 'Web Awesome', css: webAwesome },
  tailwind: { title: 'Tailwind', css: tailwind },
} as const;

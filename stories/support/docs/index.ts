/** The generated sections of documentation pages. A page imports this once. */
import '../story.styles.ts';
import './anatomy.ts';
import './element-facts.ts';
import './pair.ts';
import './size.ts';
import './tested.ts';
import './token-list.ts';
import './words.ts';

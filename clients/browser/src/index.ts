/** The custom element. Importing it defines `<kuku-coach>`. */
import { KukuCoachElement } from './element.tsx';

export { KukuCoachElement };
export { addCatalogue, languages, type Words } from './words/catalogues.ts';
export { en as englishWords } from './words/en.ts';

if (!customElements.get('kuku-coach')) customElements.define('kuku-coach', KukuCoachElement);

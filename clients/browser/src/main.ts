/** The page at `/`: the element, and what a whole page owes its person. */
import './index.ts';

// The page's own language and colours follow what was chosen in the element.
document.addEventListener('kuku-look', (event) => {
  const { lang, theme } = (event as CustomEvent<{ lang: string; theme: string }>).detail;
  document.documentElement.lang = lang;
  document.documentElement.dataset['theme'] = theme;
});

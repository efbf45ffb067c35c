/** A module bundled into a file of its own, as Vite gives it: its address. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}

/** A style sheet as text, for a constructable style sheet: a strict CSP takes no inline styles. */
declare module '*?inline' {
  const css: string;
  export default css;
}

/** A style sheet that the bundler puts into a file of its own. */
declare module '*.css';

/** A module bundled into a file of its own, as Vite gives it: its address. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}

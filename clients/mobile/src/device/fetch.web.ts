export const deviceFetch: typeof fetch = (input, init) => fetch(input, init);
